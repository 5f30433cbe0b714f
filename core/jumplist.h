/*
 * The jump hosts of ProxyJump, as ssh -G prints them: "a,bob@b:2222,ssh://c". Called by
 * the hops probe. Pure.
 */
#ifndef SSHMEDIC_JUMPLIST_H
#define SSHMEDIC_JUMPLIST_H

enum { JUMPLIST_NAME = 320 };

/*
 * Cut the list into at most max names, in its order. Returns how many; 0 where it is empty, one of
 * them is empty or does not fit, or there are more. What a name may hold, target_parse() says.
 */
int jumplist_read(const char *list, char names[][JUMPLIST_NAME], int max);

#endif
