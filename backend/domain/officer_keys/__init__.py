"""An officer's keys 签名密钥: approved by a second administrator before they sign, revoked with a time."""
