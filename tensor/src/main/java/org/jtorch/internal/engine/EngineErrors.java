package org.jtorch.internal.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Converts errors of the engine to exceptions of jtorch. PyTorch's message is kept. Details of the engine's source (frames,
 * files, dispatch tables, the TorchScript interpreter) are removed, and a sentence with a remedy is added.
 */
public final class EngineErrors {

    private static volatile @Nullable Failures failures;

    private static final String FRAMES = "Exception raised from ";
    private static final String INTERPRETER = "\nRuntimeError: ";
    private static final Pattern NO_KERNEL =
            Pattern.compile("Could not run '([^']+)' with arguments from the '([^']+)' backend\\.");
    private static final Pattern BACKENDS = Pattern.compile("only available for these backends: \\[([^\\]]*)\\]");
    private static final Pattern NO_META_KERNEL =
            Pattern.compile("(?s)(\\S+): attempted to run this operator with Meta.*");
    private static final Pattern ASSERTION = Pattern.compile(
            "(?s).*?INTERNAL ASSERT FAILED at \"[^\"]*\":\\d+, please report a bug to PyTorch\\.\\s*(.*)");
    private static final Pattern UNEXPLAINED = Pattern.compile(
            "(?s)\\s*\\(Could this error message be improved\\?.*?\\)\\s*|\\s*As a user, you could have made a.*"
                    + "|\\s*You can also file an issue at .*");
    private static final Pattern ENFORCED = Pattern.compile("(?s)\\[enforce fail at [^\\]]*\\]\\s*(?:.*?\\. )?(.*)");
    private static final Pattern MEMORY = Pattern.compile(
            "(?s).*DefaultCPUAllocator: (?:can't allocate memory|not enough memory): you tried to allocate (\\d+)"
                    + " bytes.*");
    private static final Pattern NO_DEVICE = Pattern.compile(
            "(?s)Cannot initialize (\\w+) without ATen_\\w+ library.*|PyTorch is not linked with support for (\\w+) devices.*"
                    + "|Torch not compiled with (\\w+) enabled.*|Cannot query \\S+ without ATen_(\\w+) library.*");
    private static final Pattern STANDARD_LIBRARY =
            Pattern.compile("(?s)(?:vector|basic_string|map|array|bad|std|cannot create std)(?:::|_| ).*");
    private static final Pattern INT64 = Pattern.compile(
            "(?i)scalar type Long but (?:found|got)|dtype to be Long|(?:expected|but got|to be|instead of|of type)[^\\[]*\\bLongTensor"
                    + "|type int64|scalar types: Long|dtype int64|int32(?:/| or )int64|a long tensor for index");
    private static final String INT64_REMEDY = " Labels and indices must be int64: call int64() on them";
    private static final Pattern TYPE =
            Pattern.compile("\\b(Sparse)?(CPU|CUDA)(Byte|Char|Double|Float|Int|Long|Short|Half|BFloat16|Bool)Type\\b");
    private static final Pattern SOURCE = Pattern.compile(
            "\\[/?[\\w./-]+\\.(?:cpp|cc|cu|h):\\d+\\] ?|(?: at)? ?\"?/?[\\w./-]+\\.(?:cpp|cc|cu|h)\"?:\\d+");

    /**
     * Matches the error for an in-place change of an output of a {@code org.jtorch.internal.Hub}, or of a view of it. Such
     * outputs are views that were made without being recorded.
     */
    private static final Pattern CHANGED_VIEW =
            Pattern.compile("(?s)(Output \\d+ of )(\\w+) is a view of a view which was created"
                    + " in no_grad mode and is being modified inplace with grad mode enabled\\..*");

    /** For each backend, the name of its tensors and the remedy if an operator does not accept them. */
    private static final Map<String, String[]> KINDS = new LinkedHashMap<>();

    static {
        kind("CPU", "dense", "");
        kind("SparseCPU", "sparse", "toDense() it first");
        kind("SparseCsrCPU", "sparse compressed", "toDense() it first");
        kind("QuantizedCPU", "quantized", "dequantize it first");
        kind("MkldnnCPU", "mkldnn", "toDense() it first");
        kind("NestedTensorCPU", "nested", "unbind() it and work on the parts");
        kind("Meta", "meta", "a meta tensor has no values: make one on the CPU");
        kind("SparseMeta", "sparse meta", "a meta tensor has no values: make one on the CPU");
        kind("SparseCsrMeta", "sparse compressed meta", "a meta tensor has no values: make one on the CPU");
        kind("QuantizedMeta", "quantized meta", "a meta tensor has no values: make one on the CPU");
    }

    private EngineErrors() {}

    private static void kind(String backend, String name, String remedy) {
        KINDS.put(backend, new String[] {name, remedy});
    }

    /**
     * Returns the exception to throw for {@code e}. An error of the engine, which native code throws as a plain
     * RuntimeException, becomes a {@code TorchException}; what a Java callback threw is returned itself. Other exceptions
     * are returned unchanged.
     *
     * @param operator the name of the operation, used if the engine's message is empty
     */
    public static RuntimeException translate(String operator, RuntimeException e) {
        if (!isEngines(e)) {
            return e;
        }
        String text = String.valueOf(e.getMessage());
        RuntimeException callback = CallbackFailures.take(text);
        if (callback != null) {
            return callback;
        }
        String message = message(operator, text);
        return failures().of(message, Engine.CPP_STACK_TRACES ? e : null);
    }

    /** Sets how exceptions are created. Called once, when {@code org.jtorch} is first used. */
    public static void install(Failures made) {
        failures = made;
    }

    static Failures failures() {
        return Objects.requireNonNull(failures, "org.jtorch is not initialized");
    }

    /**
     * Returns whether native code threw the exception. Users' callbacks may throw plain RuntimeExceptions, too, which are
     * kept.
     */
    static boolean isEngines(Throwable e) {
        if (e.getClass() != RuntimeException.class) {
            return false;
        }
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0
                || (trace[0].isNativeMethod() && trace[0].getClassName().startsWith("org.bytedeco."));
    }

    /** Returns the message for the engine's text. */
    static String message(String operator, String text) {
        int frames = text.indexOf(FRAMES);
        String said = (frames < 0 ? text : text.substring(0, frames)).strip();
        if (said.contains("failed in the TorchScript interpreter")) {
            int inner = said.lastIndexOf(INTERPRETER);
            said = inner < 0 ? "" : said.substring(inner + INTERPRETER.length()).strip();
        }
        String translated = translated(operator, said);
        if (translated != null) {
            return translated;
        }
        said = UNEXPLAINED.matcher(said).replaceAll("");
        Matcher assertion = ASSERTION.matcher(said);
        if (assertion.matches()) {
            said = assertion.group(1).strip();
        }
        Matcher enforced = ENFORCED.matcher(said);
        if (enforced.matches()) {
            said = enforced.group(1).strip();
        }
        said = SOURCE.matcher(said).replaceAll("").strip();
        if (said.isEmpty() || STANDARD_LIBRARY.matcher(said).matches()) {
            return operator
                    + " does not take these arguments: the engine refused their dtypes, shapes, layouts or values"
                    + " without saying which";
        }
        said = pythonTypes(said);
        if (INT64.matcher(said).find()) {
            String ours = ourNames(said);
            return (ours.endsWith(".") ? ours : ours + ".") + INT64_REMEDY;
        }
        return ourNames(said);
    }

    /** Replaces PyTorch's advice by advice with jtorch's names. */
    private static String ourNames(String said) {
        return said.replace("torch.autograd.set_detect_anomaly(True)", "Autograd.detectAnomaly()")
                .replace(
                        "the backtrace further above shows the operation",
                        "the cause of this exception shows the call of the operation")
                .replace("'torch.use_deterministic_algorithms(True)'", "Torch.useDeterministicAlgorithms(true)")
                .replace("the 'warn_only=True' option", "Torch.useDeterministicAlgorithms(true, true)");
    }

    /** Replaces the engine's names of tensor types by PyTorch's: {@code CPUFloatType} by {@code torch.FloatTensor}. */
    public static String pythonTypes(String text) {
        return text.contains("Type") ? TYPE.matcher(text).replaceAll(EngineErrors::pythonType) : text;
    }

    private static String pythonType(MatchResult type) {
        return "torch." + ("CUDA".equals(type.group(2)) ? "cuda." : "") + (type.group(1) == null ? "" : "sparse.")
                + type.group(3) + "Tensor";
    }

    /** Returns our own sentence, or null if the engine's is good enough. */
    private static @Nullable String translated(String operator, String said) {
        Matcher memory = MEMORY.matcher(said);
        if (memory.matches()) {
            return outOfMemory(operator, Long.parseLong(memory.group(1)));
        }
        if (said.equals("std::bad_alloc")) {
            return "out of memory: " + operator + " asked for more than the system has left";
        }
        Matcher noKernel = NO_KERNEL.matcher(said);
        if (noKernel.lookingAt()) {
            Matcher backends = BACKENDS.matcher(said);
            return noKernel(noKernel.group(1), noKernel.group(2), backends.find() ? backends.group(1) : null);
        }
        Matcher noMeta = NO_META_KERNEL.matcher(said);
        if (noMeta.matches()) {
            return noKernel(noMeta.group(1), "Meta", "CPU");
        }
        Matcher changed = CHANGED_VIEW.matcher(said);
        if (changed.matches()) {
            return changedView(said, changed.group(1), changed.group(2));
        }
        Matcher noDevice = NO_DEVICE.matcher(said);
        if (noDevice.matches()) {
            for (int i = 1; i <= noDevice.groupCount(); i++) {
                if (noDevice.group(i) != null) {
                    return noDevice(noDevice.group(i));
                }
            }
        }
        return null;
    }

    /**
     * Returns the message for a changed view. The node's name is one that {@code org.jtorch.internal.Hub} gives to its
     * outputs; views with other names may have any origin.
     */
    private static String changedView(String said, String output, String node) {
        if (!node.equals("CloneBackward0") && !node.equals("AliasBackward0")) {
            return said
                    + " If a module with a full backward hook or a custom Function gave what this is a view of, clone() its"
                    + " output first.";
        }
        return output + (node.equals("CloneBackward0") ? "BackwardHookFunction" : "a custom Function")
                + " is a view and is being modified inplace. This view was created inside a custom Function (or because an input"
                + " was returned as-is) and the autograd logic to handle view+inplace would override the custom backward"
                + " associated with the custom Function, leading to incorrect gradients. This behavior is forbidden. You can fix"
                + " this by cloning the output of the custom Function.";
    }

    /** Returns the message for a device that does not exist. */
    public static String noDevice(String type) {
        String name = type.toUpperCase(Locale.ROOT);
        return "there is no " + name + " device: the engine in use was built without " + name
                + ". Use Device.CPU, or Device.best() for the best available device";
    }

    private static String outOfMemory(String operator, long bytes) {
        return String.format(
                Locale.ROOT,
                "out of memory: %s asked for %,d bytes (%.1f GiB), which the system does not have",
                operator,
                bytes,
                bytes / (double) (1L << 30));
    }

    private static String noKernel(String operator, String backend, @Nullable String backends) {
        if (isMissing(backend)) {
            return noDevice(backend);
        }
        String[] kind = KINDS.get(backend);
        String name = kind == null ? backend : kind[0];
        List<String> others = new ArrayList<>();
        if (backends != null) {
            for (String other : backends.split(",\\s*")) {
                if (KINDS.containsKey(other) && !other.contains("Meta")) {
                    others.add(KINDS.get(other)[0]);
                }
            }
        }
        return operator + " does not take " + name + " tensors"
                + (others.isEmpty() ? "" : ", only " + String.join(", ", others))
                + (kind == null || kind[1].isEmpty() ? "" : ": " + kind[1]);
    }

    /** Returns whether a backend belongs to a device that these native libraries do not support. */
    private static boolean isMissing(String backend) {
        return switch (backend) {
            case "CUDA", "HIP" -> !torch.hasCUDA();
            case "MPS" -> !torch.hasMPS();
            default -> backend.matches("XLA|XPU|IPU|HPU|VE|MTIA|MAIA|Lazy|PrivateUse\\d|FPGA|Vulkan|Metal");
        };
    }
}
