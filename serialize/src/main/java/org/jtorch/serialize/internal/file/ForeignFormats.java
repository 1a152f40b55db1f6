package org.jtorch.serialize.internal.file;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.internal.zip.ZipArchive;

/** Recognizes files that are mistaken for checkpoints, and describes them with a remedy. */
public final class ForeignFormats {

    private static final String OTHER_FILES = "use the model's safetensors or PyTorch files";

    private static final String IN_PYTHON =
            "in Python, load it with its own library and save its tensors with safetensors.torch.save_file";

    /**
     * A format that is recognized by its first bytes.
     *
     * @param offset the offset of {@code magic}
     * @param magic the bytes, one in each character
     * @param message the description and the remedy
     */
    private record Format(int offset, String magic, String message) {}

    private static final List<Format> FORMATS = List.of(
            new Format(
                    0,
                    "version https://git-lfs",
                    "is a Git LFS pointer, a small text in place of the file: run 'git lfs pull' in its repository, or"
                            + " download the file itself"),
            compressed(0, "\u001f\u008b", "gzip", "gunzip"),
            compressed(0, "(\u00b5/\u00fd", "zstd", "unzstd"),
            compressed(0, "\u00fd7zXZ\u0000", "xz", "unxz"),
            compressed(0, "BZh", "bzip2", "bunzip2"),
            compressed(0, "\u0004\"M\u0018", "lz4", "unlz4"),
            compressed(0, "7z\u00bc\u00af'\u001c", "7-Zip", "7z x"),
            compressed(0, "Rar!\u001a\u0007", "RAR", "unrar x"),
            new Format(
                    0, "PK\u0007\b", "is the first part of a zip archive that is split into several: join them first"),
            new Format(0, "GGUF", "is a GGUF file of llama.cpp, which jtorch does not read: " + OTHER_FILES),
            new Format(0, "tjgg", "is a GGML file of llama.cpp, which jtorch does not read: " + OTHER_FILES),
            new Format(0, "lmgg", "is a GGML file of llama.cpp, which jtorch does not read: " + OTHER_FILES),
            new Format(
                    0,
                    "\u0089HDF\r\n\u001a\n",
                    "is an HDF5 file, as Keras writes, which jtorch does not read: " + IN_PYTHON),
            new Format(
                    0,
                    "\u0093NUMPY",
                    "is a numpy array (.npy), which jtorch does not read: in Python,"
                            + " torch.save(torch.from_numpy(numpy.load('x.npy')), 'x.pt')"),
            new Format(4, "TFL3", "is a TensorFlow Lite model, which jtorch does not read: " + OTHER_FILES),
            new Format(0, "\u007fELF", "is a program or a library, not a checkpoint: " + OTHER_FILES),
            new Format(0, "%PDF", "is a PDF document, not a checkpoint: " + OTHER_FILES));

    private static final Set<String> OLD_TAR = Set.of("sys_info", "pickle", "tensors", "storages");

    /** The offset of a tar archive's signature. */
    private static final int TAR = 257;

    private ForeignFormats() {}

    private static Format compressed(int offset, String magic, String name, String command) {
        return new Format(
                offset,
                magic,
                "is compressed by " + name + ": decompress it first (" + command + "), and load the result");
    }

    /**
     * Describes a file that begins with the given bytes.
     *
     * @param head the first bytes; at least 300, unless the file is smaller
     * @return the description and the remedy, or null if the format is not known
     */
    public static @Nullable String of(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        for (Format format : FORMATS) {
            if (text.startsWith(format.magic, format.offset)) {
                return format.message;
            }
        }
        if (text.startsWith("ustar", TAR)) {
            return tar(text);
        }
        if (text.length() >= 4 && text.chars().allMatch(c -> c == 0)) {
            return "begins with zeros: its space was reserved, but its content was never written; copy or"
                    + " download it again";
        }
        if (text.startsWith("\u0080") && text.length() > 2 && text.charAt(1) >= 2 && text.charAt(1) <= 5) {
            return pickle(text);
        }
        String markup = markup(text);
        return markup == null ? protobuf(head) : markup;
    }

    private static String tar(String text) {
        String first = text.substring(0, Math.max(0, text.indexOf('\0'))).replaceFirst("^\\./", "");
        return OLD_TAR.contains(first)
                ? "is a tar archive, as PyTorch before 0.1.10 wrote, which jtorch does not read: in Python, load it"
                        + " with a later PyTorch and save it again"
                : "is a tar archive: unpack it first (tar xf), and load the checkpoint that is in it";
    }

    private static String pickle(String text) {
        if (text.contains("torch.distributed.checkpoint")) {
            return "is a part of a folder of torch.distributed.checkpoint: load the folder";
        }
        String what = text.contains("_load_from_bytes")
                ? "is a pickle of tensors by pickle.dump, not by torch.save"
                : "is a pickle that torch.save did not write, but pickle.dump or joblib";
        return what
                + ", which jtorch does not read: in Python, load it as it was written and save it again with torch.save";
    }

    private static @Nullable String markup(String text) {
        String start =
                text.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading().toLowerCase(Locale.ROOT);
        if (start.startsWith("<!doctype html") || start.startsWith("<html") || start.startsWith("<head")) {
            return "is a web page (HTML), not the file: the download returned an error or a page about the file; use the"
                    + " file's own address (at the Hugging Face Hub the one with /resolve/ instead of /blob/)";
        }
        if (start.startsWith("<?xml") || start.startsWith("<error")) {
            return "is XML, not a checkpoint, perhaps an error that a download returned: read it, and download the file again";
        }
        return start.startsWith("[") && start.length() > 1 && "[{\"-0123456789] \r\n\t".indexOf(start.charAt(1)) >= 0
                ? "is JSON, not a checkpoint: name the checkpoint itself, or its *.index.json"
                : null;
    }

    // --- protocol buffers, which have no magic number -----------------------------------------------------------

    private static @Nullable String protobuf(byte[] head) {
        if (head.length < 16) {
            return null;
        }
        // a version, then the producer or the contents
        if (head[0] == 0x08 && head[1] > 0 && head[1] < 64) {
            if ((head[2] == 0x12 && isText(head, 4, head[3])) || head[2] == 0x3a || head[2] == 0x42) {
                return "is an ONNX model, which jtorch does not read: " + OTHER_FILES;
            }
            if (head[1] == 1 && head[2] == 0x12) {
                return "is a TensorFlow SavedModel, which jtorch does not read: " + IN_PYTHON;
            }
        }
        // a node: its name, then its operation
        int name = head[0] == 0x0a ? afterVarint(head, 1) : head.length;
        if (name + 2 < head.length && head[name] == 0x0a && isText(head, name + 2, head[name + 1])) {
            int operation = name + 2 + head[name + 1];
            if (operation + 2 < head.length
                    && head[operation] == 0x12
                    && isText(head, operation + 2, head[operation + 1])) {
                return "is a TensorFlow graph, which jtorch does not read: " + IN_PYTHON;
            }
        }
        return null;
    }

    private static int afterVarint(byte[] head, int at) {
        int end = at;
        while (end < head.length && head[end] < 0) {
            end++;
        }
        return end + 1;
    }

    private static boolean isText(byte[] head, int at, int length) {
        if (length < 1 || at + length > head.length) {
            return false;
        }
        for (int i = at; i < at + length; i++) {
            if (head[i] <= ' ' || head[i] == 127) {
                return false;
            }
        }
        return true;
    }

    // --- zip archives ------------------------------------------------------------------------------------------

    /**
     * Describes a zip archive that torch.save did not write.
     *
     * @return the description and the remedy, or null if the format is not known
     */
    public static @Nullable String of(ZipArchive archive) {
        List<String> names = archive.files();
        if (names.stream().anyMatch(name -> name.contains("aotinductor"))
                && names.stream().noneMatch(name -> name.matches("(.*/)?models/[^/]+\\.json"))) {
            return "is a compiled package of AOTInductor (.pt2), which jtorch does not read: in Python, save the"
                    + " state_dict() of the model that it was compiled from";
        }
        if (has(names, "archive_format") || has(names, "serialized_exported_program.json")) {
            return "is a program of torch.export.save (.pt2), not a checkpoint: ExportedProgram.load of jtorch-export reads"
                    + " it, and its stateDict() has the tensors";
        }
        if (has(names, ".data/extern_modules") || has(names, ".data/python_version")) {
            return "is a package of torch.package, which jtorch does not read: in Python, load its model with"
                    + " torch.package.PackageImporter and save its state_dict() with torch.save";
        }
        if (has(names, "model.weights.h5") || has(names, "variables.h5")) {
            return "is a Keras model (.keras), which jtorch does not read: " + IN_PYTHON;
        }
        if (!names.isEmpty() && names.stream().allMatch(name -> name.endsWith(".npy"))) {
            return "is a set of numpy arrays (.npz), which jtorch does not read: in Python, torch.save({k:"
                    + " torch.from_numpy(v) for k, v in numpy.load('x.npz').items()}, 'x.pt')";
        }
        return null;
    }

    /** Returns whether there is an entry {@code name}, in a folder or in none. */
    private static boolean has(List<String> names, String name) {
        return names.stream().anyMatch(each -> each.equals(name) || each.endsWith("/" + name));
    }
}
