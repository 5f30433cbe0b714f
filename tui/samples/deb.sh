#!/bin/sh
# A binary package for the Debian that this runs on, without a debian/ folder at the top: called
# by `make deb`, which has built the program for /usr in BUILD. Leaves OUT/sshmedic_VERSION_ARCH.deb.
# What the program links decides its dependencies. DEBFULLNAME and DEBEMAIL name who made it.
set -eu
who="${DEBFULLNAME:-sshmedic contributors} <${DEBEMAIL:-nobody@example.org}>"
root=$BUILD/root arch=$(dpkg --print-architecture)
doc=$root/usr/share/doc/sshmedic
rm -rf "$root"
umask 022
make --no-print-directory BUILD="$BUILD" PREFIX=/usr DESTDIR="$root" install >/dev/null
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/sshmedic"
gzip -9n "$root/usr/share/man/man1/sshmedic.1" "$root/usr/share/man/man5/sshmedic-config.5"
mkdir -p "$root/usr/share/zsh/vendor-completions"
mv "$root/usr/share/zsh/site-functions/_sshmedic" "$root/usr/share/zsh/vendor-completions/"
rm -r "$root/usr/share/zsh/site-functions"

{
	echo 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'
	echo 'Upstream-Name: sshmedic'
	echo
	echo 'Files: *'
	sed -n 's/^Copyright (c) /Copyright: /p' LICENSE | head -n 1
	echo 'License: ISC'
	sed '1,2d; s/^$/./; s/^/ /' LICENSE
} >"$doc/copyright"
when=$(git log -1 --format=%aD 2>/dev/null || true)
[ -n "$when" ] || when=$(date -R -r Makefile)
{
	echo "sshmedic ($VERSION) unstable; urgency=medium"
	echo
	echo '  * This version, built from its tree by make deb.'
	echo
	echo " -- $who  $when"
} | gzip -9n >"$doc/changelog.gz"

# dpkg-shlibdeps wants to stand beside a debian/control.
mkdir -p "$BUILD/shlibs/debian" "$root/DEBIAN"
printf 'Source: sshmedic\n\nPackage: sshmedic\nArchitecture: any\n' >"$BUILD/shlibs/debian/control"
program=$(cd "$root" && pwd)/usr/bin/sshmedic
needs=$(cd "$BUILD/shlibs" && dpkg-shlibdeps -O "$program" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$needs" ] || { echo "make deb: dpkg-shlibdeps found no dependencies" >&2; exit 1; }
cat >"$root/DEBIAN/control" <<-END
	Package: sshmedic
	Version: $VERSION
	Architecture: $arch
	Maintainer: $who
	Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
	Depends: $needs, openssh-client
	Suggests: tmux
	Section: net
	Priority: optional
	Description: find out why an SSH login fails or is slow
	 sshmedic tests an SSH login layer by layer, names the cause, shows the
	 evidence for it, and offers the fix under one key. It is a full-screen
	 program for a terminal, and a command for scripts.
END
(cd "$root" && find usr -type f -exec md5sum {} + | sort -k 2) >"$root/DEBIAN/md5sums"
dpkg-deb --root-owner-group --build "$root" "$OUT/sshmedic_${VERSION}_$arch.deb"
