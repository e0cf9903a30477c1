#!/bin/sh
# Prints the home of a JDK of at least the version that the project needs, or says what is missing.
# Order: JAVA_HOME, the javac on PATH, then the places where packages and version managers put JDKs.
need=25

version_of() { # home -> major version, empty if it is no JDK
  [ -x "$1/bin/javac" ] || return 0
  "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p'
}

accept() {
  found=$(version_of "$1")
  [ -n "$found" ] && [ "$found" -ge "$need" ] && printf '%s\n' "$1"
}

[ -n "${JAVA_HOME:-}" ] && accept "$JAVA_HOME" && exit 0

on_path=$(command -v javac 2>/dev/null) && {
  real=$(readlink -f "$on_path" 2>/dev/null || printf '%s' "$on_path")
  accept "$(dirname "$(dirname "$real")")" && exit 0
}

for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* \
  "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  [ -d "$home" ] && accept "$home" && exit 0
done

cat >&2 <<EOF
selkie: no JDK $need or newer was found.
  looked at: JAVA_HOME (${JAVA_HOME:-not set}), javac on PATH (${on_path:-none}), /usr/lib/jvm,
             /usr/java, /opt/java, /opt/jdk*, ~/.sdkman, ~/.jdks, /Library/Java/JavaVirtualMachines
  to get one: install Temurin $need from https://adoptium.net or your system's packages
             (a JDK, with javac; a run-time alone is not enough), then try again,
             or point JAVA_HOME at it.
EOF
exit 1
