package io.jvswitch.vswitchd.vlog;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads what the program logs into a {@link Vlog}. A logger named {@code ovs.MODULE} is that module's; all others
 * belong to the module of Open vSwitch in whose place they stand.
 */
final class LogbackVlog extends AppenderBase<ILoggingEvent> {

    private static final String MODULE_PREFIX = "ovs.";
    private static final String OTHERS = "bridge";

    private static final Map<String, String> MODULES_OF_PACKAGES = Map.of(
            "io.jvswitch.datapath", "dpif_netdev",
            "io.jvswitch.tap", "netdev_linux",
            "io.jvswitch.ovsdb", "jsonrpc",
            "io.jvswitch.vswitchd.control", "unixctl");

    private final Vlog vlog;

    private LogbackVlog(Vlog vlog) {
        this.vlog = vlog;
    }

    /** From now on nothing is logged elsewhere. */
    static void install(Vlog vlog) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        LogbackVlog appender = new LogbackVlog(vlog);
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
        followLevels(vlog);
    }

    /** So that what nobody takes costs nothing. */
    static void followLevels(Vlog vlog) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        for (String module : vlog.modules()) {
            context.getLogger(MODULE_PREFIX + module).setLevel(level(vlog.limit(module)));
        }
        MODULES_OF_PACKAGES.forEach((name, module) -> context.getLogger(name).setLevel(level(vlog.limit(module))));
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level(vlog.limit(OTHERS)));
        // It warns of hosts without a hardware address, say, which is nobody's concern here.
        context.getLogger("io.netty").setLevel(Level.ERROR);
    }

    private static Level level(VlogLevel limit) {
        return switch (limit) {
            case OFF, EMER -> Level.OFF;
            case ERR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DBG -> Level.DEBUG;
        };
    }

    private static String module(String logger) {
        if (logger.startsWith(MODULE_PREFIX)) {
            return logger.substring(MODULE_PREFIX.length());
        }
        for (Map.Entry<String, String> entry : MODULES_OF_PACKAGES.entrySet()) {
            if (logger.startsWith(entry.getKey())) {
                return entry.getValue();
            }
        }
        return OTHERS;
    }

    @Override
    protected void append(ILoggingEvent event) {
        VlogLevel level = event.getLevel().isGreaterOrEqual(Level.ERROR)
                ? VlogLevel.ERR
                : event.getLevel().isGreaterOrEqual(Level.WARN)
                        ? VlogLevel.WARN
                        : event.getLevel().isGreaterOrEqual(Level.INFO) ? VlogLevel.INFO : VlogLevel.DBG;
        vlog.log(module(event.getLoggerName()), level, "", printable(event.getFormattedMessage()));
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null) {
            vlog.log(
                    module(event.getLoggerName()),
                    level,
                    "",
                    ThrowableProxyUtil.asString(failure).strip());
        }
    }

    /** Messages quote what guests and callers sent: nothing of it may begin a line of its own or move a cursor. */
    private static String printable(String message) {
        StringBuilder text = new StringBuilder(message.length());
        message.codePoints().forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return text.toString();
    }
}
