package io.jvswitch.vswitchd.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Takes over Unix signals. The JDK's interface for it is in {@code jdk.unsupported}, which the compiler warns about in
 * a way that cannot be turned off; hence by reflection. A shutdown hook would not do: it cannot make SIGTERM end with
 * status 0, and there is none for SIGHUP.
 */
public final class Signals {

    private Signals() {}

    /**
     * Runs {@code action} on each arrival of a signal, on a thread of the JVM.
     *
     * @param name without {@code SIG}
     * @return whether it is taken over. One that was ignored when the process was started, as nohup(1) has it with
     *     SIGHUP, and the shell with SIGINT of what runs in the background, stays ignored
     * @throws IllegalStateException when the JVM uses the signal itself ({@code -Xrs})
     */
    public static boolean on(String name, Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle" -> action.run();
                            case "hashCode" -> {
                                return System.identityHashCode(proxy);
                            }
                            case "equals" -> {
                                return false;
                            }
                            default -> {
                                return "handler of SIG" + name;
                            }
                        }
                        return null;
                    });
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            Object before =
                    signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
            return !handlerType.getField("SIG_IGN").get(null).equals(before);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("cannot handle SIG" + name + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no module jdk.unsupported: use a complete JDK 25", e);
        }
    }
}
