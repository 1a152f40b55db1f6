package org.jtorch.nn.state;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jtorch.nn.internal.StateDictMetadata;

/** Renames the keys of state dicts. The path of a module in the metadata is renamed as a key below it would be. */
public final class StateDictKeys {

    private StateDictKeys() {}

    static StateDict rename(StateDict state, UnaryOperator<String> renaming) {
        StateDict result = new StateDict();
        Map<String, String> taken = new LinkedHashMap<>();
        state.entries().forEach((key, value) -> {
            String renamed = renaming.apply(key);
            String before = taken.put(renamed, key);
            if (before != null) {
                throw new IllegalArgumentException("the keys \"" + before + "\" and \"" + key
                        + "\" would both become \"" + renamed + "\": filter one of them out first");
            }
            result.putEntry(renamed, value);
        });
        state.ownMetadata().forEachShared((path, local) -> {
            String renamed = path.isEmpty() ? "" : renaming.apply(path + ".");
            String newPath = renamed.endsWith(".") ? renamed.substring(0, renamed.length() - 1) : renamed;
            // A renamed path takes precedence over an unchanged one: DataParallel's own "" is replaced by "module".
            if (!newPath.equals(path) || !result.ownMetadata().has(newPath)) {
                result.metadata().put(newPath, local);
            }
        });
        return result;
    }

    static StateDict rename(StateDict state, String from, String to) {
        boolean beginning = from.endsWith(".");
        if (state.entries().keySet().stream().noneMatch(key -> beginning ? key.startsWith(from) : key.equals(from))) {
            throw new IllegalArgumentException(
                    beginning ? "no key begins with \"" + from + "\"" : "there is no key \"" + from + "\"");
        }
        return rename(
                state,
                beginning
                        ? key -> key.startsWith(from) ? to + key.substring(from.length()) : key
                        : key -> key.equals(from) ? to : key);
    }

    static StateDict stripPrefix(StateDict state, String prefix) {
        return rename(state, key -> key.startsWith(prefix) ? key.substring(prefix.length()) : key);
    }

    static StateDict addPrefix(StateDict state, String prefix) {
        StateDict result = new StateDict();
        state.entries().forEach((key, value) -> result.putEntry(prefix + key, value));
        state.ownMetadata().forEachShared((path, local) -> {
            String moved = path.isEmpty() ? StateDictMetadata.path(prefix) : prefix + path;
            result.metadata().put(moved, local);
        });
        return result;
    }
}
