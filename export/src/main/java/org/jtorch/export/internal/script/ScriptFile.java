package org.jtorch.export.internal.script;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jtorch.TorchException;
import org.jtorch.export.graph.ExportException;
import org.jtorch.internal.ScriptHandle;
import org.jtorch.serialize.LoadOptions;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.Readings;
import org.jtorch.serialize.internal.torch.TorchReader;
import org.jtorch.serialize.internal.zip.ZipArchive;
import org.jtorch.serialize.internal.zip.ZipEntry;

/** Loads archives of {@code torch.jit.save}, after checking that they are complete and call only what is allowed. */
public final class ScriptFile {

    /** The greatest number of bytes of one file of code, or of the description of a module without its tensors. */
    private static final int LIMIT = 1 << 28;

    private ScriptFile() {}

    /**
     * Loads an archive.
     *
     * @throws ExportException if the file does not exist, is no such archive, is damaged, or has code that is refused or cannot
     *     be compiled; the message begins with the path
     */
    public static Script load(Path path) {
        Reading reading = Readings.of(LoadOptions.class, o -> {});
        try (MappedFile file = MappedFile.open(path, reading::access)) {
            check(file, reading);
        } catch (CheckpointException | ExportException e) {
            throw new ExportException(path + ": " + e.getMessage(), e);
        }
        try {
            ScriptHandle handle = ScriptHandle.load(path.toAbsolutePath().toString());
            Set<String> assigned = new LinkedHashSet<>();
            handle.inspect(operator -> ScriptRules.check(operator, "the graphs"), assigned::add);
            return new Script(handle, assigned);
        } catch (ExportException e) {
            throw new ExportException(path + ": " + e.getMessage(), e);
        } catch (TorchException | IllegalArgumentException | ArithmeticException e) {
            throw new ExportException(
                    path + ": cannot be loaded: " + e.getMessage()
                            + (String.valueOf(e.getMessage()).contains("Unknown builtin op")
                                    ? " The engine does not have this operator; torch.export and CustomOperators can supply it in Java."
                                    : ""),
                    e);
        }
    }

    private static void check(MappedFile file, Reading reading) {
        ZipArchive archive;
        try {
            archive = ZipArchive.read(file);
        } catch (CheckpointException e) {
            throw new ExportException(
                    "is not a TorchScript archive, or is damaged: " + e.getMessage()
                            + "; torch.jit.save writes such archives",
                    e);
        }
        String first = archive.firstFile();
        String folder = first == null ? "" : first.substring(0, first.indexOf('/') + 1);
        if (archive.entry(folder + "constants.pkl") == null || archive.entry(folder + "data.pkl") == null) {
            boolean exported = archive.files().stream()
                    .anyMatch(name ->
                            name.endsWith("archive_format") || name.endsWith("serialized_exported_program.json"));
            throw new ExportException("is not a TorchScript archive: "
                    + (exported
                            ? "it is an exported program, which ExportedProgram.load reads"
                            : archive.entry(folder + "data.pkl") != null
                                    ? "it is a checkpoint, which Checkpoint.load reads"
                                    : "it has no entry 'constants.pkl'; torch.jit.save writes such archives"));
        }
        for (String name : archive.files()) {
            if (name.startsWith(folder + "code/") && name.endsWith(".py")) {
                ScriptRules.checkText(name.substring(folder.length()), text(archive, name, StandardCharsets.UTF_8));
            }
        }
        try {
            TorchReader.checkScript(file, archive, reading);
        } catch (CheckpointException e) {
            throw new ExportException("is damaged: " + e.getMessage(), e);
        }
        ScriptRules.checkClasses("data.pkl", text(archive, folder + "data.pkl", StandardCharsets.ISO_8859_1));
        ScriptRules.checkClasses("constants.pkl", text(archive, folder + "constants.pkl", StandardCharsets.ISO_8859_1));
    }

    private static String text(ZipArchive archive, String name, Charset charset) {
        ZipEntry entry = archive.entry(name);
        return entry == null ? "" : new String(archive.bytes(entry, LIMIT), charset);
    }
}
