package org.jtorch.serialize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.zip.ByteSource;
import org.jtorch.serialize.internal.zip.ZipArchive;
import org.jtorch.serialize.internal.zip.ZipEntry;

/** What each fuzz target starts from: the recorded files, sound and hostile, and what fuzzing found worth keeping. */
final class FuzzSeeds {

    /** Longer ones make the fuzzer slow, and show it nothing that short ones do not. */
    private static final int MAX_LENGTH = 1 << 14;

    private FuzzSeeds() {}

    /** The seeds of {@code target}, by name. */
    static Map<String, byte[]> of(String target) {
        Map<String, byte[]> seeds = new TreeMap<>();
        for (String folder : new String[] {"", "more", "hostile", "kinds", "reported", "sharded", "more/sharded_bin"}) {
            for (Path file : Recorded.files(folder)) {
                if (Files.isRegularFile(file) && !file.endsWith("expected.json")) {
                    add(seeds, target, folder + "/" + file.getFileName(), bytes(file));
                }
            }
        }
        Path kept = Recorded.file("../fuzz/" + target);
        try (Stream<Path> files = Files.list(kept)) {
            files.forEach(file -> seeds.put("fuzz/" + file.getFileName(), bytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return seeds;
    }

    private static void add(Map<String, byte[]> seeds, String target, String name, byte[] file) {
        boolean zip = file.length > 4 && file[0] == 'P' && file[1] == 'K';
        boolean json = name.endsWith(".json");
        boolean safetensors = name.endsWith(".safetensors");
        byte[] seed =
                switch (target) {
                    case "Pickle" -> zip ? pickle(file) : null;
                    case "Zip" -> zip ? file : null;
                    case "Safetensors" -> safetensors ? header(file) : null;
                    case "Index" -> json ? file : null;
                    case "Legacy" -> zip || json || safetensors ? null : file;
                    case "Checkpoint" -> file;
                    default -> throw new IllegalArgumentException("no fuzz target is called " + target);
                };
        if (seed == null || seed.length > MAX_LENGTH) {
            return;
        }
        seeds.put(name, seed);
        byte[] unchecked = seed == file && zip ? forgetCrc(file.clone()) : null;
        if (unchecked != null) {
            // so that a change is not refused before it is read
            seeds.put(name + " unchecked", unchecked);
        }
    }

    private static byte[] pickle(byte[] file) {
        try {
            ZipArchive archive = ZipArchive.read(ByteSource.of(file));
            for (ZipEntry entry : archive.entries().values()) {
                if (entry.name().endsWith("/data.pkl")) {
                    return archive.bytes(entry, MAX_LENGTH);
                }
            }
            return null;
        } catch (CheckpointException e) {
            // some hostile archives have no pickle that can be taken out, and those are seeds of other targets
            return null;
        }
    }

    private static byte[] header(byte[] file) {
        long length = file.length < 8
                ? 0
                : ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length > 0 && length <= file.length - 8 ? Arrays.copyOfRange(file, 8, 8 + (int) length) : file;
    }

    /** The archive with 0, which means unknown, for every CRC-32; null if it has no directory. */
    private static byte[] forgetCrc(byte[] archive) {
        ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        int end = archive.length - 22;
        if (end < 0 || bytes.getInt(end) != 0x06054b50) {
            return null;
        }
        int at = bytes.getInt(end + 16);
        while (at >= 0 && at <= end - 46 && bytes.getInt(at) == 0x02014b50) {
            bytes.putInt(at + 16, 0);
            at += 46 + bytes.getShort(at + 28) + bytes.getShort(at + 30) + bytes.getShort(at + 32);
        }
        return archive;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
