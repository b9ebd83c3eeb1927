"""One-time codes 验证码 to a contact phone: how long, and how often they may be tried.

Five tries at one of a million codes, and at most twenty codes a day for one number (``limits``): whoever guesses all
day is right once in 10 000 days. NIST SP 800-63B §5.1.3.2 asks for six digits, at most ten minutes, and one use.
"""

from datetime import timedelta

GOOD_FOR = timedelta(minutes=5)
MOST_TRIES = 5
