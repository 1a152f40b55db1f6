package org.jtorch.parity.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.models.Digits;
import org.jtorch.models.Mlp;
import org.jtorch.nn.Module;
import org.jtorch.optim.Optimizer;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.tools.Summary;

/** The public classes of all layers, found on the class path, always in the same order. */
final class PublicApi {

    private static final List<Class<?>> ONE_OF_EACH_LAYER = List.of(
            Tensor.class, Module.class, Optimizer.class, Digits.class, Mlp.class, Checkpoint.class, Summary.class);

    private final List<Class<?>> classes = new ArrayList<>();
    private final Map<Class<?>, List<Executable>> makers = new HashMap<>();

    PublicApi() {
        for (Class<?> one : ONE_OF_EACH_LAYER) {
            for (String name : names(one)) {
                Class<?> type = load(name);
                if (isPublic(type) && !type.isAnnotation() && !name.contains(".internal.") && !isFamily(name)) {
                    classes.add(type);
                }
            }
        }
        classes.sort(Comparator.comparing(Class::getName));
        for (Class<?> type : classes) {
            for (Constructor<?> constructor : constructors(type)) {
                makers.computeIfAbsent(type, t -> new ArrayList<>()).add(constructor);
            }
            for (Method method : methods(type)) {
                if (Modifier.isStatic(method.getModifiers()) && method.getReturnType() != Tensor.class) {
                    makers.computeIfAbsent(method.getReturnType(), t -> new ArrayList<>())
                            .add(method);
                }
            }
        }
    }

    /** Returns whether a class is of a family of models: by default these have billions of weights, and the Hub is on the network. */
    private static boolean isFamily(String name) {
        return name.startsWith("org.jtorch.models.") && name.indexOf('.', "org.jtorch.models.".length()) > 0;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the names of the classes in the folder or jar of {@code one}. */
    private static List<String> names(Class<?> one) {
        try {
            Path place = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                return names(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return names(jar.getPath("/"));
            }
        } catch (URISyntaxException | IOException e) {
            throw new UncheckedIOException(new IOException(one.getName(), e));
        }
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length())
                            .replace('/', '.')
                            .replace('\\', '.'))
                    .toList();
        }
    }

    private static boolean isPublic(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            if (!Modifier.isPublic(each.getModifiers())) {
                return false;
            }
        }
        return true;
    }

    List<Class<?>> classes() {
        return classes;
    }

    /** Returns the public constructors of a class that is not abstract. */
    static List<Constructor<?>> constructors(Class<?> type) {
        if (Modifier.isAbstract(type.getModifiers())) {
            return List.of();
        }
        return Arrays.stream(type.getConstructors())
                .sorted(Comparator.comparing(Constructor::toString))
                .toList();
    }

    /** Returns the public methods, including static ones and those inherited from a class of jtorch. */
    static List<Method> methods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(m -> m.getDeclaringClass().getName().startsWith("org.jtorch.") && !m.isBridge())
                .sorted(Comparator.comparing(Method::toString))
                .toList();
    }

    /** Returns constructors and static methods that return a {@code type}. */
    List<Executable> makers(Class<?> type) {
        return makers.getOrDefault(type, List.of());
    }

    /** Returns public classes that are a {@code type} and not abstract. */
    List<Class<?>> implementations(Class<?> type) {
        return classes.stream()
                .filter(c -> type.isAssignableFrom(c) && !Modifier.isAbstract(c.getModifiers()))
                .toList();
    }
}
