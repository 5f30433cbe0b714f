# sshmedic: build, test, measure, install. `make help` lists the goals.
#
#   make CC=clang                    another compiler
#   make SANITIZE=address,undefined  a build with sanitizers, in its own folder
#   make WERROR=1                    warnings are errors (CI)

VERSION  := 0.1.0
CC       ?= cc
PREFIX   ?= /usr/local
DESTDIR  ?=
bindir   ?= $(PREFIX)/bin
datadir  ?= $(PREFIX)/share
sysconfdir ?= /etc
mandir   ?= $(datadir)/man
SANITIZE ?=
WERROR   ?=
comma    := ,
BUILD    ?= build$(if $(SANITIZE),/$(subst $(comma),-,$(SANITIZE)))

CFLAGS   ?= -O2 -g
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wno-overlength-strings \
            $(if $(WERROR),-Werror)
SANFLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
PKGS     := ncursesw libssh libuv
PKGSTEST := cmocka
pkg       = $(shell pkg-config $(1) $(2) 2>/dev/null)
ALLCFLAGS = -std=c11 -D_GNU_SOURCE -DSSHMEDIC_VERSION='"$(VERSION)"' -DSSHMEDIC_DATADIR='"$(datadir)/sshmedic"' \
             -DSSHMEDIC_SYSCONFDIR='"$(sysconfdir)"' \
            $(WARN) $(CFLAGS) $(SANFLAGS) $(call pkg,--cflags,$(PKGS)) $(CPPFLAGS)
LIBS      = $(call pkg,--libs,$(PKGS)) -lcjson -lresolv -lpthread -lm

core_src := $(wildcard core/*.c core/recognise/*.c)
io_src   := $(wildcard core/io/*.c)
tui_src  := $(wildcard tui/*.c)
obj       = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
scripts  := $(patsubst %.sh,$(BUILD)/obj/%_script,$(wildcard core/*.sh))
libcore  := $(BUILD)/libcore.a
libio    := $(BUILD)/libio.a
libtui   := $(BUILD)/libtui.a # all of tui/ but main.c

unit     := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
screen   := $(patsubst tests/screen/%.c,$(BUILD)/screen/%,$(wildcard tests/screen/test_*.c))
io_tests := $(patsubst tests/io/%.c,$(BUILD)/io/%,$(wildcard tests/io/test_*.c))
golden   := $(patsubst tests/golden/%.c,$(BUILD)/%,$(wildcard tests/golden/*.c))
fuzzers  := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all check unit lab e2e bench fuzz screenshots install uninstall deb lint borders format help clean
all: $(BUILD)/sshmedic

$(BUILD)/sshmedic: $(call obj,tui/main.c) $(libtui) $(libio) $(libcore)
	$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# --start-group is not needed: tui uses io and core, io uses core, core nobody.
$(libcore): $(call obj,$(core_src)) $(addsuffix .o,$(scripts)) $(BUILD)/obj/core/walk_texts.o
$(libio): $(call obj,$(io_src))
$(libtui): $(call obj,$(filter-out tui/main.c,$(tui_src)))
$(libcore) $(libio) $(libtui):
	@rm -f $@
	ar rcs $@ $^

# core/NAME.sh as the string NAME_script.
$(addsuffix .c,$(scripts)): $(BUILD)/obj/%_script.c: %.sh
	@mkdir -p $(@D)
	{ echo 'extern const char $(*F)_script[];' && echo 'const char $(*F)_script[] =' && \
	    sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $< && echo ';'; } >$@.tmp && mv $@.tmp $@

# The walkthrough's scripts as the list walk_texts, and its glossary as glossary_text.
walks := $(sort $(wildcard core/walk/*.walk))
$(BUILD)/obj/core/walk_texts.c: $(walks) core/walk/glossary.txt
	@mkdir -p $(@D)
	{ echo 'extern const char *const walk_texts[];' && echo 'extern const char glossary_text[];' && \
	    echo 'const char *const walk_texts[] = {' && \
	    for f in $(walks); do sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $$f && echo ','; done && \
	    echo '0 };' && echo 'const char glossary_text[] =' && \
	    sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' core/walk/glossary.txt && echo ';'; } >$@.tmp && mv $@.tmp $@

$(BUILD)/obj/core/walk_texts.o $(addsuffix .o,$(scripts)): %.o: %.c
	$(CC) $(ALLCFLAGS) -c -o $@ $<

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -MMD -MP -c -o $@ $<

# Unit tests link the pure core and libc only: that link is the border test.
$(BUILD)/unit/%: tests/unit/%.c $(libcore)
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -I. -MMD -MP -o $@ $< $(libcore) -lcjson $(call pkg,--libs,$(PKGSTEST))

$(BUILD)/io/%: tests/io/%.c $(libio) $(libcore)
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -I. -MMD -MP -o $@ $< $(libio) $(libcore) $(LIBS) $(call pkg,--libs,$(PKGSTEST))

$(BUILD)/screen/%: tests/screen/%.c $(libtui) $(libio) $(libcore)
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -I. -MMD -MP -o $@ $< $(libtui) $(libio) $(libcore) $(LIBS) $(call pkg,--libs,$(PKGSTEST))

$(golden): $(BUILD)/%: tests/golden/%.c $(libcore)
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -I. -MMD -MP -o $@ $< $(libcore) -lcjson $(call pkg,--libs,$(PKGSTEST))

check: all $(unit) $(io_tests) $(screen) $(golden) ## unit, golden, screen and end-to-end tests (no root, no network)
	BUILD=$(BUILD) sh tests/run.sh

# What the lab runs on its hosts beside the program itself.
$(BUILD)/lab/%: tests/lab/%.c $(libio) $(libcore)
	@mkdir -p $(@D)
	$(CC) $(ALLCFLAGS) -I. -MMD -MP -o $@ $< $(libio) $(libcore) $(LIBS)

lab: all $(BUILD)/lab/serverfix ## real servers in network namespaces (root; says so and skips without)
	BUILD=$(BUILD) bash tests/lab/run.sh

bench: all ## speed and memory, each beside its peer
	BUILD=$(BUILD) bash tests/bench/run.sh

FUZZ_SECONDS ?= 10
fuzz: ## every fuzzer for FUZZ_SECONDS seconds under ASan and UBSan (clang)
	CC=clang SECONDS_EACH=$(FUZZ_SECONDS) bash tests/fuzz/run.sh

screenshots: all ## replay committed recordings and render the screens
	BUILD=$(BUILD) bash tests/screenshots.sh

borders: all ## core/ is pure, core/io/ has no ncurses, tui/ no libssh
	BUILD=$(BUILD) sh tests/borders.sh

lint: ## clang-format, cppcheck
	clang-format --dry-run --Werror $(wildcard core/*.[ch] core/recognise/*.[ch] core/io/*.[ch] tui/*.[ch] tests/*/*.[ch])
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --suppressions-list=.cppcheck --error-exitcode=1 --language=c -D_GNU_SOURCE -I. core tui

format: ## rewrite the sources with clang-format
	clang-format -i $(wildcard core/*.[ch] core/recognise/*.[ch] core/io/*.[ch] tui/*.[ch] tests/*/*.[ch])

# Where a file goes, and how it is made: the three shells find their completions there by themselves.
docdir   ?= $(datadir)/doc/sshmedic
bashdir  ?= $(datadir)/bash-completion/completions
zshdir   ?= $(datadir)/zsh/site-functions
fishdir  ?= $(datadir)/fish/vendor_completions.d
made      = $(BUILD)/sshmedic $(1) >$(DESTDIR)$(2) && chmod 644 $(DESTDIR)$(2)

# make takes a name with a blank in it for two, and one of them would be removed.
ifneq ($(words x$(DESTDIR)x x$(PREFIX)x x$(BUILD)x x$(docdir)x x$(datadir)x),5)
$(error DESTDIR, PREFIX and BUILD may have no blank in their names)
endif

install: all ## PREFIX, DESTDIR
	install -d $(addprefix $(DESTDIR),$(bindir) $(datadir)/sshmedic/themes $(mandir)/man1 $(mandir)/man5 \
	    $(bashdir) $(zshdir) $(fishdir) $(docdir)/examples/notes)
	install -m 755 $(BUILD)/sshmedic $(DESTDIR)$(bindir)/sshmedic
	install -m 644 themes/*.theme $(DESTDIR)$(datadir)/sshmedic/themes
	install -m 644 tui/samples/notes/*.md $(DESTDIR)$(docdir)/examples/notes
	$(call made,--manual,$(mandir)/man1/sshmedic.1)
	$(call made,--manual=config,$(mandir)/man5/sshmedic-config.5)
	$(call made,--completion bash,$(bashdir)/sshmedic)
	$(call made,--completion zsh,$(zshdir)/_sshmedic)
	$(call made,--completion fish,$(fishdir)/sshmedic.fish)
	env -i $(call made,--print-config,$(docdir)/examples/config)

uninstall:
	rm -f $(addprefix $(DESTDIR),$(bindir)/sshmedic $(mandir)/man1/sshmedic.1 $(mandir)/man5/sshmedic-config.5 \
	    $(bashdir)/sshmedic $(zshdir)/_sshmedic $(fishdir)/sshmedic.fish)
	rm -rf $(DESTDIR)$(datadir)/sshmedic $(DESTDIR)$(docdir)

deb: ## a package for this Debian, in build/ (needs dpkg-dev)
	$(MAKE) BUILD=$(BUILD)/deb PREFIX=/usr all
	+BUILD=$(BUILD)/deb VERSION=$(VERSION) OUT=$(BUILD) sh tui/samples/deb.sh

clean: ## remove build/
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)
