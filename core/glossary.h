/* The glossary: each word of the walkthrough, explained once (core/walk/glossary.txt). Pure. */
#ifndef SSHMEDIC_GLOSSARY_H
#define SSHMEDIC_GLOSSARY_H

#include <stdbool.h>
#include <stddef.h>

enum { GLOSSARY_TERM = 32, GLOSSARY_TEXT = 200 };

struct glossary_row {
	char term[GLOSSARY_TERM]; /* "-" stands for a blank */
	char text[GLOSSARY_TEXT];
};

/* Row i, in the order of the file. False behind the last one. */
bool glossary_at(size_t i, struct glossary_row *row);
/* The row of a term as a script writes it. False where there is none. */
bool glossary_find(const char *term, struct glossary_row *row);

#endif
