package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The walk over a module and all modules below it, parents first. All lists of modules, parameters and buffers are made by it.
 */
final class Traversal {

    private Traversal() {}

    /** The members of a module that are asked for, with their keys. */
    @FunctionalInterface
    interface Members<T> {
        void visit(Registry registry, BiConsumer<String, T> visitor);
    }

    static final Members<Parameter> PARAMETERS = Registry::forEachParameter;
    static final Members<Buffer> BUFFERS = Registry::forEachBuffer;

    static Set<Object> identitySet() {
        return identitySet(0);
    }

    static Set<Object> identitySet(int expected) {
        return Collections.newSetFromMap(new IdentityHashMap<>(Math.max(32, expected)));
    }

    /**
     * Visits {@code module} and all modules below it with their dotted paths.
     *
     * @param path the path of {@code module}; empty for the root
     * @param seen the objects already visited, which are skipped; null to visit a shared module each time
     */
    static void walk(
            Module<?, ?> module, String path, @Nullable Set<Object> seen, BiConsumer<String, Module<?, ?>> visitor) {
        if (seen == null || seen.add(module)) {
            visitor.accept(path, module);
            module.visitChildren((key, child) -> walk(child, join(path, key), seen, visitor));
        }
    }

    static List<Named<Module<?, ?>>> modules(Module<?, ?> root, String prefix, boolean removeDuplicate) {
        int expected = root.registry().modulesBelow;
        List<Named<Module<?, ?>>> result = new ArrayList<>(expected);
        walk(
                root,
                prefix,
                removeDuplicate ? identitySet(expected) : null,
                (path, module) -> result.add(new Named<>(path, module)));
        root.registry().modulesBelow = result.size();
        return result;
    }

    static <T> List<Named<T>> members(
            Members<T> members, Module<?, ?> root, String prefix, boolean recurse, boolean removeDuplicate) {
        int expected = recurse ? root.registry().membersBelow : 0;
        List<Named<T>> result = new ArrayList<>(expected);
        Set<Object> seen = identitySet(expected);
        BiConsumer<String, Module<?, ?>> visitor = (path, module) -> members.visit(module.registry(), (key, member) -> {
            if (!removeDuplicate || seen.add(member)) {
                result.add(new Named<>(join(path, key), member));
            }
        });
        if (recurse) {
            walk(root, prefix, removeDuplicate ? identitySet(expected) : null, visitor);
            root.registry().membersBelow = Math.max(result.size(), expected / 2);
        } else {
            visitor.accept(prefix, root);
        }
        return result;
    }

    static <T> List<T> values(List<Named<T>> named) {
        List<T> result = new ArrayList<>(named.size());
        named.forEach(n -> result.add(n.value()));
        return result;
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
