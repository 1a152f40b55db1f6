package org.jtorch.serialize.internal.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.AtomicFile;
import org.jtorch.serialize.internal.file.Outgoing;
import org.jtorch.serialize.internal.file.TemporaryFile;
import org.jtorch.serialize.internal.zip.ByteSink;

/** Writes a set of safetensors files and their index, with the names that Hugging Face's libraries use. */
public final class ShardedWriter implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ShardedWriter.class.getName());

    private static final String EXTENSION = ".safetensors";
    private static final String INDEX = ".index.json";

    private final Path folder;
    private final String stem;

    /** The files that are written already, by their final names, in the order in which they are renamed. */
    private final Map<Path, TemporaryFile> written = new LinkedHashMap<>();

    private ShardedWriter(Path folder, String stem) {
        this.folder = folder;
        this.stem = stem;
    }

    /** Writes one file or a set, and returns the file to load. */
    public static Path write(Path path, List<Outgoing> tensors, Map<String, String> header, long maxShardBytes) {
        if (maxShardBytes < 1) {
            throw new IllegalArgumentException(
                    "the size of a shard is " + maxShardBytes + " bytes, but must be at least 1");
        }
        Path file = path.getFileName();
        String name = file == null ? "" : file.toString();
        if (!name.endsWith(EXTENSION)) {
            throw new IllegalArgumentException(
                    path + ": a sharded checkpoint is named by its single file, as model.safetensors");
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CheckpointException(
                    path + ": cannot be written: the folder " + folder + " does not exist; create it first");
        }
        tensors.forEach(SafetensorsWriter::check);
        List<List<Outgoing>> shards = split(tensors, maxShardBytes);
        Path index = path.resolveSibling(name + INDEX);
        try (ShardedWriter writer = new ShardedWriter(folder, name.substring(0, name.length() - EXTENSION.length()))) {
            Set<Path> old = writer.oldFiles(path.toAbsolutePath(), index.toAbsolutePath());
            if (shards.size() <= 1) {
                AtomicFile.write(path, channel -> SafetensorsWriter.write(channel, tensors, header));
                old.remove(path.toAbsolutePath());
                delete(old);
                return path;
            }
            writer.writeSet(shards, header, index.toAbsolutePath());
            old.removeAll(writer.written.keySet());
            writer.place();
            delete(old);
            return index;
        } catch (IOException e) {
            throw new CheckpointException(path + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Fills the files one after the other, in order. As in Hugging Face's libraries, a tensor that is too large gets its
     * own file.
     */
    private static List<List<Outgoing>> split(List<Outgoing> tensors, long max) {
        List<List<Outgoing>> shards = new ArrayList<>();
        List<Outgoing> current = new ArrayList<>();
        long size = 0;
        for (Outgoing tensor : tensors) {
            if (tensor.nbytes() > max) {
                shards.add(List.of(tensor));
                continue;
            }
            if (tensor.nbytes() > max - size) {
                shards.add(current);
                current = new ArrayList<>();
                size = 0;
            }
            current.add(tensor);
            size += tensor.nbytes();
        }
        if (!current.isEmpty()) {
            shards.add(current);
        }
        return shards;
    }

    private void writeSet(List<List<Outgoing>> shards, Map<String, String> header, Path index) throws IOException {
        Map<String, String> places = new TreeMap<>();
        long total = 0;
        for (int i = 0; i < shards.size(); i++) {
            List<Outgoing> shard = shards.get(i);
            String name = String.format(Locale.ROOT, "%s-%05d-of-%05d%s", stem, i + 1, shards.size(), EXTENSION);
            write(folder.resolve(name), channel -> SafetensorsWriter.write(channel, shard, header));
            for (Outgoing tensor : shard) {
                places.put(tensor.name(), name);
                total += tensor.nbytes();
            }
        }
        byte[] json = json(places, total);
        write(index, channel -> {
            ByteSink sink = new ByteSink(channel);
            sink.write(ByteBuffer.wrap(json));
            sink.flush();
        });
    }

    private void write(Path place, AtomicFile.Body body) {
        written.put(place, AtomicFile.writeBeside(place, body));
    }

    private void place() throws IOException {
        for (Map.Entry<Path, TemporaryFile> entry : written.entrySet()) {
            Files.move(
                    entry.getValue().path(),
                    entry.getKey(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            entry.getValue().keep();
        }
    }

    /** Closes the files, and deletes those that were not renamed. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (TemporaryFile file : written.values()) {
            try {
                file.close();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static byte[] json(Map<String, String> places, long total) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // the format of Python's json.dump(..., indent=2)
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.setPrettyPrinter(printer);
            json.writeStartObject();
            json.writeObjectFieldStart("metadata");
            json.writeNumberField("total_size", total);
            json.writeEndObject();
            json.writeObjectFieldStart("weight_map");
            for (Map.Entry<String, String> place : places.entrySet()) {
                json.writeStringField(place.getKey(), place.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    // --- an old set --------------------------------------------------------------------------------------------

    /**
     * Returns the files of this checkpoint now: the index, which is replaced first, the single file, and the shards of the
     * index.
     */
    private Set<Path> oldFiles(Path single, Path index) throws IOException {
        Set<Path> old = new LinkedHashSet<>();
        if (Files.exists(index)) {
            old.add(index);
            // only names that this class, or Hugging Face's libraries, would have used
            Pattern shard = Pattern.compile(Pattern.quote(stem) + "-[0-9]{5}-of-[0-9]{5}" + Pattern.quote(EXTENSION));
            for (String name : shards(index)) {
                if (shard.matcher(name).matches()) {
                    old.add(folder.resolve(name));
                }
            }
        }
        if (Files.exists(single)) {
            old.add(single);
        }
        return old;
    }

    private static Collection<String> shards(Path index) throws IOException {
        try {
            return ShardedReader.parse(Files.readAllBytes(index)).files().values();
        } catch (CheckpointException e) {
            throw new CheckpointException(
                    index + ": exists already and is not replaced: " + e.getMessage() + "; delete it first", e);
        }
    }

    /** Deletes files of the old set. The new set exists, so a failure is only logged. */
    private static void delete(Iterable<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.log(
                        Logger.Level.WARNING,
                        file + ": a file of the checkpoint that was replaced cannot be deleted",
                        e);
            }
        }
    }
}
