package org.jtorch.serialize.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a value contains objects of classes, or names of functions, that are neither known nor allowed by {@link
 * org.jtorch.serialize.LoadOptions#allow}. Tensors next to them are not affected: read them with {@link
 * org.jtorch.serialize.Checkpoint#at} and {@link org.jtorch.serialize.Checkpoint#stateDict}.
 */
public final class UnknownClassException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    /** The number of characters of names and places in a message. */
    private static final int LONGEST = 1500;

    /** The number of classes that are named in the remedy. */
    private static final int MANY = 8;

    private final LinkedHashMap<String, ArrayList<String>> classes = new LinkedHashMap<>();
    private final String statement;

    /**
     * Creates an exception that does not name a file yet.
     *
     * @param classes the classes and functions, with the keys that lead to the first few places of each
     */
    public UnknownClassException(Map<String, ? extends List<String>> classes) {
        this(classes, "");
    }

    /**
     * Creates an exception for a file that is known to be whole.
     *
     * @param first the beginning of the message
     */
    public UnknownClassException(Map<String, ? extends List<String>> classes, String first) {
        this(
                classes,
                first + "holds objects of classes that jtorch does not know: " + shown(classes)
                        + "; nothing from a file is called or imported",
                null);
    }

    private UnknownClassException(
            Map<String, ? extends List<String>> classes, String statement, @Nullable Throwable cause) {
        super(statement + ". To read them as inert records: load(..., o -> " + remedy(classes) + ")", cause);
        classes.forEach((name, places) -> this.classes.put(name, new ArrayList<>(places)));
        this.statement = statement;
    }

    /** Returns as many classes as fit, each with its first place. */
    private static String shown(Map<String, ? extends List<String>> classes) {
        StringBuilder shown = new StringBuilder();
        int count = 0;
        for (Map.Entry<String, ? extends List<String>> entry : classes.entrySet()) {
            if (shown.length() > LONGEST) {
                return shown + " and " + (classes.size() - count) + " more";
            }
            shown.append(count++ == 0 ? "" : ", ").append(plain(entry.getKey())).append(plain(place(entry.getValue())));
        }
        return shown.toString();
    }

    /** Returns a name from the file without characters that would break the line. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static String place(List<String> places) {
        if (places.isEmpty() || places.get(0).isEmpty()) {
            return "";
        }
        return " at '" + places.get(0) + "'" + (places.size() > 1 ? " and elsewhere" : "");
    }

    private static String remedy(Map<String, ?> classes) {
        String names = classes.keySet().stream()
                .limit(MANY + 1)
                .map(name -> '"' + plain(name) + '"')
                .collect(Collectors.joining(", "));
        return classes.size() > MANY || names.length() > LONGEST ? "o.allowUnknownClasses()" : "o.allow(" + names + ")";
    }

    /** Returns the first unknown class or function, such as {@code argparse.Namespace}. */
    public String className() {
        return classes.keySet().iterator().next();
    }

    /**
     * Returns all unknown classes and functions, in the order of the file. Each has a list of the keys that lead to the
     * first few places, joined by dots; an empty string stands for the value itself.
     */
    public Map<String, List<String>> classes() {
        return Collections.unmodifiableMap(classes);
    }

    /** Returns the message without the remedy, for programs whose users do not write Java. */
    public String statement() {
        return statement;
    }

    @Override
    public UnknownClassException in(Object file) {
        return new UnknownClassException(classes, file + ": " + statement, this);
    }
}
