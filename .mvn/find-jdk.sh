# Sourced by mvnw and jvswitch. find_jdk25 sets jdk25 to the home of the first JDK 25 in these places, or returns 1.
# A JDK is known by its `release` file, which costs no JVM start.
jdk_places='JAVA_HOME, JAVA25_HOME, JDK25_HOME, java on PATH, /usr/lib/jvm, /usr/java, /opt, ~/.sdkman/candidates/java, ~/.jdks'
jdk_remedy='install one (a Debian package openjdk-25-jdk-headless where there is one, or any build of JDK 25 unpacked under /usr/lib/jvm) or set JAVA_HOME to it'

is_jdk25() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r release_line; do
        case $release_line in
            'JAVA_VERSION="25"' | 'JAVA_VERSION="25.'* | 'JAVA_VERSION="25-'* | 'JAVA_VERSION="25+'*) return 0 ;;
        esac
    done <"$1/release"
    return 1
}

find_jdk25() {
    for jdk25 in "${JAVA_HOME:-}" "${JAVA25_HOME:-}" "${JDK25_HOME:-}"; do
        if [ -n "$jdk25" ] && is_jdk25 "$jdk25"; then
            return 0
        fi
    done
    path_java=$(command -v java 2>/dev/null || true)
    if [ -n "$path_java" ]; then
        path_java=$(readlink -f -- "$path_java")
        jdk25=${path_java%/bin/java}
        if is_jdk25 "$jdk25"; then
            return 0
        fi
    fi
    for jdk25 in /usr/lib/jvm/* /usr/java/* /opt/* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/*; do
        if is_jdk25 "$jdk25"; then
            return 0
        fi
    done
    return 1
}
