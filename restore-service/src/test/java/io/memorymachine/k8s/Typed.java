package io.memorymachine.k8s;

import java.beans.BeanInfo;
import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Finds the fields of a typed object that its type does not know: misspelt, or in the wrong place. */
final class Typed {
    private static final String UNKNOWN = "additionalProperties";

    private Typed() {}

    /** Their paths; empty where all is known. */
    static List<String> unknownFields(Object typed) {
        List<String> found = new ArrayList<>();
        walk("", typed, found);
        return found;
    }

    private static void walk(String path, Object value, List<String> found) {
        if (value instanceof Collection<?> entries) {
            int index = 0;
            for (Object entry : entries) {
                walk(path + "[" + index++ + "]", entry, found);
            }
        } else if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, entry) -> walk(path + "." + key, entry, found));
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
            properties(path, value, found);
        }
    }

    private static void properties(String path, Object bean, List<String> found) {
        try {
            BeanInfo info = Introspector.getBeanInfo(bean.getClass(), Object.class);
            for (PropertyDescriptor property : info.getPropertyDescriptors()) {
                if (property.getReadMethod() == null
                        || property.getReadMethod().getParameterCount() > 0
                        || property.getReadMethod().getReturnType().isEnum()) {
                    continue;
                }
                Object value = property.getReadMethod().invoke(bean);
                if (property.getName().equals(UNKNOWN)) {
                    ((Map<?, ?>) value).keySet().forEach(key -> found.add(path + "." + key));
                } else {
                    walk(path + "." + property.getName(), value, found);
                }
            }
        } catch (IntrospectionException | ReflectiveOperationException e) {
            throw new IllegalStateException(bean.getClass() + " cannot be looked through", e);
        }
    }
}
