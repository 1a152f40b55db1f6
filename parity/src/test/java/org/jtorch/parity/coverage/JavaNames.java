package org.jtorch.parity.coverage;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jtorch.nn.GlobalHooks;
import org.jtorch.nn.Module;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;

/** The public classes and methods below {@code org.jtorch.nn}, by name. A name omits that prefix. */
final class JavaNames {

    private static final String ROOT = "org.jtorch.nn.";

    /** The public top-level classes by name. */
    private final TreeMap<String, Class<?>> classes = new TreeMap<>();

    JavaNames() {
        for (JavaClass item : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.jtorch.nn")) {
            Class<?> type = item.reflect();
            if (Modifier.isPublic(type.getModifiers()) && item.isTopLevelClass()) {
                classes.put(type.getName().substring(ROOT.length()), type);
            }
        }
    }

    /** Returns the Java names of a row by the rule: the class with the same name, or the method with that name in camelCase. */
    List<String> byRule(TorchApi.Row row) {
        return switch (row.part()) {
            case MODULES ->
                classes.entrySet().stream()
                        .filter(e -> e.getValue().getSimpleName().equals(row.name())
                                && Module.class.isAssignableFrom(e.getValue()))
                        .map(e -> e.getKey())
                        .toList();
            case FUNCTIONAL -> methods(Stream.of(F.class), row);
            case MODULE_METHODS ->
                methods(Stream.of(row.scope().equals("nn.Module") ? Module.class : GlobalHooks.class), row);
            case INIT -> methods(Stream.of(Init.class), row);
            case UTILS -> {
                String folder = row.scope().substring("nn.".length());
                Class<?> same = classes.get(folder + "." + row.name());
                yield same != null
                        ? List.of(folder + "." + row.name())
                        : methods(
                                classes.values().stream()
                                        .filter(type -> type.getPackageName().equals(ROOT + folder)),
                                row);
            }
        };
    }

    private static List<String> methods(Stream<Class<?>> types, TorchApi.Row row) {
        String name = camelCase(row.name());
        boolean ofObject = row.signature().startsWith("(self");
        return types.filter(type -> has(type, name, ofObject))
                .map(type -> type.getName().substring(ROOT.length()) + "." + name)
                .toList();
    }

    private static boolean has(Class<?> type, String name, boolean ofObject) {
        Stream<Method> methods = ofObject
                ? Arrays.stream(type.getDeclaredMethods())
                : Arrays.stream(type.getMethods()).filter(m -> Modifier.isStatic(m.getModifiers()));
        return methods.anyMatch(
                m -> m.getName().equals(name) && (m.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0);
    }

    /** Returns whether there is a class or a method with the name. */
    boolean exists(String name) {
        return classes.containsKey(name)
                || Optional.ofNullable(classes.get(name.substring(0, Math.max(0, name.lastIndexOf('.')))))
                        .filter(type -> {
                            String method = name.substring(name.lastIndexOf('.') + 1);
                            return has(type, method, true) || has(type, method, false);
                        })
                        .isPresent();
    }

    /**
     * Returns a name in camelCase: {@code conv_transpose1d} becomes {@code convTranspose1d}. An underscore at the end is kept.
     */
    static String camelCase(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            boolean upper = name.charAt(i) == '_' && i > 0 && i + 1 < name.length();
            out.append(upper ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
        }
        return out.toString();
    }
}
