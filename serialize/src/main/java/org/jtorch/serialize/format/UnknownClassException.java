package org.jtorch.serialize.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value holds objects of classes, or names of functions, that are neither known nor allowed by {@link org.jtorch.serialize.LoadOptions#allow}. The tensors
 * beside them are not affected: take them with {@link org.jtorch.serialize.Checkpoint#at} and {@link org.jtorch.serialize.Checkpoint#stateDict}.
 */
public final class UnknownClassException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    /** Characters of names and places after which a message stops. */
    private static final int LONGEST = 1500;

    /** Classes that are allowed one by one. */
    private static final int MANY = 8;

    private final LinkedHashMap<String, ArrayList<String>> classes = new LinkedHashMap<>();
    private final String statement;

    /**
     * One that no file is named in yet.
     *
     * @param classes the classes and functions, and for each the keys on the way to the first few places where it stands
     */
    public UnknownClassException(Map<String, ? extends List<String>> classes) {
        this(classes, "");
    }

    /**
     * The same of a file that is known to be whole.
     *
     * @param first what is said before it
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

    /** As many as fit, each with its first place. */
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

    /** Names come from the file: what would break the line is left out. */
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

    /** The first class or function that is unknown: {@code argparse.Namespace}. */
    public String className() {
        return classes.keySet().iterator().next();
    }

    /**
     * All classes and functions that are unknown, in the order of the file, each with the keys on the way to the first few places where
     * it stands, joined by dots; empty text for the value itself.
     */
    public Map<String, List<String>> classes() {
        return Collections.unmodifiableMap(classes);
    }

    /** The message without its remedy, for those who do not ask their users to write Java. */
    public String statement() {
        return statement;
    }

    @Override
    public UnknownClassException in(Object file) {
        return new UnknownClassException(classes, file + ": " + statement, this);
    }
}
