"""What people are to be told of: who is told, of what, and how it is put into the box in the act's own transaction.

Nothing here writes a letter or sends one; that is `engine.telling`. A notice in the box holds ids, days and numbers
only. Its words are read from the register when it is sent, so that what was erased by then is in no letter.
"""
