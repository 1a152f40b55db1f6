package org.jtorch.serialize.internal.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parameters and buffers among the attributes of TorchScript's classes. The source text in the archive lists
 * them.
 */
public final class ScriptClasses {

    /**
     * The tensors of a class.
     *
     * @param module whether it is a module; other classes, such as enums, are values
     * @param hasOwnState whether its state is the result of its {@code __getstate__}, which only its code can read
     * @param parameters the names, in order
     * @param buffers the names, in order
     */
    record Names(boolean module, boolean hasOwnState, List<String> parameters, List<String> buffers) {

        Names withOwnState() {
            return new Names(module, true, parameters, buffers);
        }
    }

    private static final Pattern LINE = Pattern.compile(
            "^(?:class ([A-Za-z0-9_]+)(?:\\((.*)\\))?:|  __(parameters|buffers)__ = \\[(.*)\\]|  def __setstate__\\(.*)$",
            Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("\"([^\"\\\\]+)\"");

    private final Function<String, @Nullable String> sources;
    private final Map<String, Map<String, Names>> files = new HashMap<>();

    /**
     * Creates an object for classes whose source was not read yet.
     *
     * @param sources returns the text of a file, such as {@code __torch__/torch/nn/modules/linear}, or null
     */
    ScriptClasses(Function<String, @Nullable String> sources) {
        this.sources = sources;
    }

    /**
     * Returns the tensors of the class {@code name}, such as {@code __torch__.torch.nn.modules.linear.Linear}, or null if
     * it does not exist.
     */
    @Nullable
    Names names(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return null;
        }
        return files.computeIfAbsent(name.substring(0, dot).replace('.', '/'), this::read)
                .get(name.substring(dot + 1));
    }

    private Map<String, Names> read(String path) {
        Map<String, Names> classes = new HashMap<>();
        String text = sources.apply(path);
        if (text == null) {
            return classes;
        }
        Names current = null;
        String name = "";
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            if (line.group(1) != null) {
                current = new Names("Module".equals(line.group(2)), false, new ArrayList<>(), new ArrayList<>());
                name = line.group(1);
                classes.put(name, current);
            } else if (current != null && line.group(3) == null) {
                classes.put(name, current.withOwnState());
            } else if (current != null) {
                List<String> names = line.group(3).equals("parameters") ? current.parameters : current.buffers;
                Matcher quoted = NAME.matcher(line.group(4));
                while (quoted.find()) {
                    names.add(quoted.group(1));
                }
            }
        }
        return classes;
    }
}
