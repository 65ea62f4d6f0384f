package io.jvswitch.vswitchd.control.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Views as JSON and back: snake case, addresses as text, absent values left out.
 *
 * <p>Stateless; any thread.
 */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(addresses())
            .build();

    private Json() {}

    private static SimpleModule addresses() {
        return new SimpleModule("addresses")
                .addSerializer(MacAddress.class, new ToStringSerializer(MacAddress.class))
                .addSerializer(IpAddress.class, new ToStringSerializer(IpAddress.class))
                .addDeserializer(MacAddress.class, new FromStringDeserializer<MacAddress>(MacAddress.class) {
                    @Override
                    protected MacAddress _deserialize(String text, DeserializationContext context) {
                        return MacAddress.parse(text);
                    }
                })
                .addDeserializer(IpAddress.class, new FromStringDeserializer<IpAddress>(IpAddress.class) {
                    @Override
                    protected IpAddress _deserialize(String text, DeserializationContext context) {
                        return IpAddress.parse(text);
                    }
                });
    }

    /** On one line. */
    public static String write(Object view) {
        return MAPPER.writeValueAsString(view);
    }

    /**
     * The view.
     *
     * @throws IllegalArgumentException when the text is not that view's JSON; {@code null} is not
     */
    public static <T> T read(String json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new IllegalArgumentException("not a " + type.getSimpleName() + ": null");
            }
            return value;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }

    /** An array, one element a line, made as it is asked for. */
    static Iterator<String> array(List<?> views) {
        Iterator<?> elements = views.iterator();
        return new Iterator<>() {
            private boolean begun;
            private boolean ended;

            @Override
            public boolean hasNext() {
                return !ended;
            }

            @Override
            public String next() {
                if (ended) {
                    throw new NoSuchElementException();
                }
                String before = begun ? ",\n" : "[\n";
                if (elements.hasNext()) {
                    begun = true;
                    return before + write(elements.next());
                }
                ended = true;
                return begun ? "\n]\n" : "[]\n";
            }
        };
    }
}
