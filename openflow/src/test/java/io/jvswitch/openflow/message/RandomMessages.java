package io.jvswitch.openflow.message;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.Experimenters;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.message.group.GroupNumbers;
import io.jvswitch.openflow.message.session.Barrier;
import io.jvswitch.wire.MacAddress;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes messages of random content, from what their records are made of. */
final class RandomMessages {

    private final RandomGenerator random;
    private OpenFlowVersion version = OpenFlowVersion.V1_0;
    private @Nullable MessageForm<?> form;

    RandomMessages(RandomGenerator random) {
        this.random = random;
    }

    /** A message in a form and version. */
    OpenFlowMessage message(OpenFlowVersion version, MessageForm<?> form) {
        this.version = version;
        this.form = form;
        while (true) {
            Message body = (Message) record(form.layout().type());
            OpenFlowMessage message = new OpenFlowMessage(version, random.nextLong(1L << 32), form, false, body);
            try {
                MessageCodec.encode(message);
                return message;
            } catch (IllegalArgumentException e) {
                // This one cannot be said in this form.
            }
        }
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = isNullable(components[i]) && random.nextInt(4) == 0
                    ? null
                    : value(components[i].getName(), components[i].getGenericType());
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + " from " + Arrays.toString(values), e);
        }
    }

    private static boolean isNullable(RecordComponent component) {
        AnnotatedElement type = component.getAnnotatedType();
        return type.isAnnotationPresent(Nullable.class);
    }

    private Object value(String name, Type type) {
        if (type instanceof ParameterizedType list) {
            int count =
                    name.equals("maxGroups") || name.equals("actions") && list.getActualTypeArguments()[0] == Long.class
                            ? 4
                            // Open vSwitch's tool takes no reply about tables without any.
                            : name.equals("tables") ? 1 + random.nextInt(3) : random.nextInt(4);
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(value(name, list.getActualTypeArguments()[0]));
            }
            return all;
        }
        Class<?> what = (Class<?>) type;
        if (name.equals("type") && what == int.class && random.nextBoolean()) {
            return 0xffff;
        }
        if (name.equals("header")) {
            // in_port, eth_dst, vlan_vid, and the ONF's tcp_flags.
            return new long[] {0x8000_0004L, 0x8000_0606L, 0x8000_0c02L, 0xffff_5406L}[random.nextInt(4)];
        }
        if (name.equals("experimenter")) {
            return Integer.toUnsignedLong(Experimenters.ONF);
        }
        switch (name) {
            case "lengthBytes" -> {
                return 4 * (1 + random.nextInt(31));
            }
            case "fullLength" -> {
                return 200L + random.nextInt(1000);
            }
            case "command" -> {
                if (what == int.class) {
                    return random.nextInt(3);
                }
            }
            case "kind" -> {
                // A select group's buckets can be chosen by a method.
                return 1;
            }
            case "commandBucket" -> {
                return GroupNumbers.BUCKET_ALL;
            }
            case "flags" -> {
                return 1 + random.nextInt(31);
            }
            case "method" -> {
                return "hash";
            }
            case "index" -> {
                return random.nextInt(64);
            }
            default -> {
                // Any number will do.
            }
        }
        if (what == int.class || what == Integer.class) {
            // A number that 8 bits hold, and that is a port: larger ones come from bytes that are changed.
            return 1 + random.nextInt(0xff);
        }
        if (what == long.class || what == Long.class) {
            return 1 + random.nextLong(0x7fff);
        }
        if (what == String.class) {
            return "name" + random.nextInt(100);
        }
        if (what == MacAddress.class) {
            return new MacAddress(random.nextLong(1L << 48));
        }
        if (what == Bytes.class) {
            Bytes known = known(name);
            if (known != null) {
                return known;
            }
        }
        if (what == Bytes.class && (name.equals("message") || name.equals("request") || name.equals("data"))) {
            return Bytes.of(MessageCodec.encode(OpenFlowMessage.of(version, 1, new Barrier.Request())));
        }
        if (what == Bytes.class) {
            byte[] bytes = new byte[name.equals("source") || name.equals("destination") ? 16 : random.nextInt(100)];
            random.nextBytes(bytes);
            return Bytes.of(bytes);
        }
        if (what == OpenFlowError.ErrorNumber.class) {
            while (true) {
                List<OpenFlowError> all = List.of(OpenFlowError.values());
                OpenFlowError error = all.get(random.nextInt(all.size()));
                OpenFlowError.ErrorNumber number = error.number(version);
                if (number != null) {
                    return number;
                }
            }
        }
        if (what.isEnum()) {
            Object[] constants = what.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        return record(what);
    }

    private static final String OUTPUT_1_0 = "00000008" + "0001" + "0000";
    private static final String OUTPUT_1_1 = "00000010" + "00000001" + "0000" + "000000000000";
    private static final String APPLY_ACTIONS = "00040018" + "00000000";

    /** Matches and actions, of which a message has the bytes only: some that are right where they stand. */
    private @Nullable Bytes known(String name) {
        boolean first = version == OpenFlowVersion.V1_0;
        return switch (name) {
            case "match" -> Bytes.ofHex(match());
            case "actions" -> {
                MessageForm<?> where = Objects.requireNonNull(form);
                // Nicira's updates of flows have actions in every version.
                boolean instructions =
                        !first && where.family() != Family.NXST && where.name().startsWith("FLOW");
                yield random.nextInt(4) == 0
                        ? Bytes.EMPTY
                        : Bytes.ofHex(first ? OUTPUT_1_0 : (instructions ? APPLY_ACTIONS : "") + OUTPUT_1_1);
            }
            case "fields", "continuation" -> Bytes.EMPTY;
            default -> null;
        };
    }

    private String match() {
        MessageForm<?> where = Objects.requireNonNull(form);
        if (where.family() == Family.NXT || where.family() == Family.NXST) {
            // NXM_OF_IN_PORT; packet-ins by Nicira's second form and their answers have OXM's from 1.2 on.
            return "00000002" + "0001";
        }
        return switch (version) {
            case V1_0 -> "003fffff" + "00".repeat(36);
            case V1_1 ->
                "00000058" + "00000000" + "000003ff" + ("00".repeat(6) + "ff".repeat(6)).repeat(2) + "00".repeat(8)
                        + ("00".repeat(4) + "ff".repeat(4)).repeat(2) + "00".repeat(20) + "ff".repeat(8);
            // in_port
            default -> "80000004" + "00000001";
        };
    }
}
