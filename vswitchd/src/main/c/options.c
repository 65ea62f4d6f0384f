/* The command line of ovs-vswitchd(8), Open vSwitch 3.1. */
#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What ovs-ctl and ovs-vsctl take the switch for. */
#define VERSION_LINE PROGRAM " (Open vSwitch) 3.1.0"

/* open(2) of the log file, as Open vSwitch has it. */
#define LOG_FILE_MODE 0640

enum {
    OPT_DETACH = 256,
    OPT_NO_CHDIR,
    OPT_MONITOR,
    OPT_PIDFILE,
    OPT_OVERWRITE_PIDFILE,
    OPT_USER,
    OPT_NO_SELF_CONFINEMENT,
    OPT_MLOCKALL,
    OPT_LOG_FILE,
    OPT_DPDK,
    /* From here on: for the JVM's side, under the same name. */
    OPT_FOR_JAVA,
};

static const struct option LONG_OPTIONS[] = {
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"detach", no_argument, NULL, OPT_DETACH},
    {"no-chdir", no_argument, NULL, OPT_NO_CHDIR},
    {"monitor", no_argument, NULL, OPT_MONITOR},
    {"pidfile", optional_argument, NULL, OPT_PIDFILE},
    {"overwrite-pidfile", no_argument, NULL, OPT_OVERWRITE_PIDFILE},
    {"user", required_argument, NULL, OPT_USER},
    {"no-self-confinement", no_argument, NULL, OPT_NO_SELF_CONFINEMENT},
    {"mlockall", no_argument, NULL, OPT_MLOCKALL},
    {"log-file", optional_argument, NULL, OPT_LOG_FILE},
    {"dpdk", optional_argument, NULL, OPT_DPDK},
    {"verbose", optional_argument, NULL, 'v'},
    {"syslog-target", required_argument, NULL, OPT_FOR_JAVA},
    {"syslog-method", required_argument, NULL, OPT_FOR_JAVA},
    {"unixctl", required_argument, NULL, OPT_FOR_JAVA},
    {"private-key", required_argument, NULL, 'p'},
    {"certificate", required_argument, NULL, 'c'},
    {"ca-cert", required_argument, NULL, 'C'},
    {"bootstrap-ca-cert", required_argument, NULL, OPT_FOR_JAVA},
    {"peer-ca-cert", required_argument, NULL, OPT_FOR_JAVA},
    {"ssl-protocols", required_argument, NULL, OPT_FOR_JAVA},
    {"ssl-ciphers", required_argument, NULL, OPT_FOR_JAVA},
    {"enable-dummy", optional_argument, NULL, OPT_FOR_JAVA},
    {"disable-system", no_argument, NULL, OPT_FOR_JAVA},
    {"disable-system-route", no_argument, NULL, OPT_FOR_JAVA},
    {"dummy-numa", required_argument, NULL, OPT_FOR_JAVA},
    {NULL, 0, NULL, 0},
};

static const char SHORT_OPTIONS[] = "hVv::p:c:C:";

void fatal(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs(PROGRAM ": ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

void *allocate(unsigned long bytes)
{
    void *memory = calloc(1, bytes);
    if (memory == NULL) {
        fatal("virtual memory exhausted");
    }
    return memory;
}

char *format_text(const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        fatal("virtual memory exhausted");
    }
    va_end(arguments);
    return text;
}

static const char *directory(const char *variable, const char *otherwise)
{
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0' ? value : otherwise;
}

const char *run_directory(void)
{
    return directory("OVS_RUNDIR", "/var/run/openvswitch");
}

static const char *log_directory(void)
{
    return directory("OVS_LOGDIR", "/var/log/openvswitch");
}

static char *absolute(const char *parent, const char *file)
{
    return file[0] == '/' ? format_text("%s", file) : format_text("%s/%s", parent, file);
}

static void tell_java(struct options *options, char *argument)
{
    options->java = realloc(options->java, sizeof *options->java * (options->java_count + 1));
    if (options->java == NULL) {
        fatal("virtual memory exhausted");
    }
    options->java[options->java_count++] = argument;
}

static void tell_java_option(struct options *options, const char *name, const char *value)
{
    tell_java(options, value == NULL ? format_text("--%s", name) : format_text("--%s=%s", name, value));
}

/* Made here with its mode, before there is another user; what is said in it comes from the JVM's side. */
static void open_log_file(const char *file)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, LOG_FILE_MODE);
    if (fd < 0) {
        char now[32];
        time_t seconds = time(NULL);
        struct tm parts;
        strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
        fprintf(stderr, "%s|00001|vlog|WARN|failed to open %s for logging: %s\n", now, file, strerror(errno));
        return;
    }
    close(fd);
}

static noreturn void usage(void)
{
    printf(PROGRAM ": Open vSwitch daemon\n"
           "usage: " PROGRAM " [OPTIONS] [DATABASE]\n"
           "where DATABASE is a socket on which ovsdb-server is listening\n"
           "      (default: \"unix:%s/db.sock\").\n"
           "\n"
           "Active DATABASE connection methods:\n"
           "  tcp:HOST:PORT           PORT at remote HOST\n"
           "  ssl:HOST:PORT           SSL PORT at remote HOST\n"
           "  unix:FILE               Unix domain socket named FILE\n"
           "PKI configuration (required to use SSL):\n"
           "  -p, --private-key=FILE  file with private key\n"
           "  -c, --certificate=FILE  file with certificate for private key\n"
           "  -C, --ca-cert=FILE      file with peer CA certificate\n"
           "  --bootstrap-ca-cert=FILE  file with peer CA certificate to read or create\n"
           "SSL options:\n"
           "  --ssl-protocols=PROTOS  list of SSL protocols to enable\n"
           "  --ssl-ciphers=CIPHERS   list of SSL ciphers to enable\n"
           "\n"
           "Daemon options:\n"
           "  --detach                run in background as daemon\n"
           "  --monitor               creates a process to monitor this daemon\n"
           "  --user=username[:group] changes the effective daemon user:group\n"
           "  --no-chdir              do not chdir to '/'\n"
           "  --pidfile[=FILE]        create pidfile (default: %s/" PROGRAM ".pid)\n"
           "  --overwrite-pidfile     with --pidfile, start even if already running\n"
           "\n"
           "Logging options:\n"
           "  -vSPEC, --verbose=SPEC   set logging levels\n"
           "  -v, --verbose            set maximum verbosity level\n"
           "  --log-file[=FILE]        enable logging to specified FILE\n"
           "                           (default: %s/" PROGRAM ".log)\n"
           "  --syslog-method=(libc|unix:file|udp:ip:port)\n"
           "                           specify how to send messages to syslog daemon\n"
           "  --syslog-target=HOST:PORT  also send syslog msgs to HOST:PORT via UDP\n"
           "\n"
           "Other options:\n"
           "  --unixctl=SOCKET          override default control socket name\n"
           "  -h, --help                display this help message\n"
           "  -V, --version             display version information\n",
           run_directory(), run_directory(), log_directory());
    exit(EXIT_SUCCESS);
}

void parse_options(struct options *options, int argc, char **argv)
{
    memset(options, 0, sizeof *options);
    options->change_directory = true;
    for (;;) {
        int index = -1;
        int option = getopt_long(argc, argv, SHORT_OPTIONS, LONG_OPTIONS, &index);
        switch (option) {
        case -1:
            if (argc - optind > 1) {
                fatal("at most one non-option argument accepted; use --help for usage");
            }
            if (optind < argc) {
                tell_java(options, argv[optind]);
            }
            return;
        case 'h':
            usage();
        case 'V':
            puts(VERSION_LINE);
            exit(EXIT_SUCCESS);
        case 'v':
            tell_java_option(options, "verbose", optarg);
            break;
        case 'p':
            tell_java_option(options, "private-key", optarg);
            break;
        case 'c':
            tell_java_option(options, "certificate", optarg);
            break;
        case 'C':
            tell_java_option(options, "ca-cert", optarg);
            break;
        case OPT_DETACH:
            options->detach = true;
            tell_java_option(options, "detach", NULL);
            break;
        case OPT_NO_CHDIR:
            options->change_directory = false;
            break;
        case OPT_MONITOR:
            options->monitor = true;
            break;
        case OPT_PIDFILE:
            options->pidfile = absolute(run_directory(), optarg != NULL ? optarg : PROGRAM ".pid");
            break;
        case OPT_OVERWRITE_PIDFILE:
            options->overwrite_pidfile = true;
            break;
        case OPT_USER:
            options->user = optarg;
            break;
        case OPT_NO_SELF_CONFINEMENT: /* any file and socket may be named here */
            break;
        case OPT_MLOCKALL:
            options->lock_memory = true;
            break;
        case OPT_LOG_FILE:
            options->log_file = absolute(log_directory(), optarg != NULL ? optarg : PROGRAM ".log");
            open_log_file(options->log_file);
            tell_java_option(options, "log-file", options->log_file);
            break;
        case OPT_DPDK:
            fatal("Using --dpdk to configure DPDK is not supported.");
        case OPT_FOR_JAVA:
            tell_java_option(options, LONG_OPTIONS[index].name, optarg);
            break;
        default: /* getopt_long has said it */
            exit(EXIT_FAILURE);
        }
    }
}
