"""The printable claim file 理赔档案: one page that holds everything a claim rests on."""
