"""Personal data 个人信息 (PIPL, 个人信息保护法): which it is, how it is masked, how long it has to be kept."""
