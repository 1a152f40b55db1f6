package org.jtorch.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The entries of a program, by their names without the folder. */
final class ProgramArchive {

    private static final ObjectMapper JSON = new ObjectMapper();

    final Map<String, byte[]> entries = new LinkedHashMap<>();
    String root = "p/";

    ProgramArchive(String name) {
        try (ZipFile zip = new ZipFile(Graphs.path(name).toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String own = entry.getName().substring(entry.getName().indexOf('/') + 1);
                entries.put(own, zip.getInputStream(entry).readAllBytes());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void json(String name, Consumer<ObjectNode> change) {
        try {
            ObjectNode node = (ObjectNode) JSON.readTree(entries.get(name));
            change.accept(node);
            entries.put(name, JSON.writeValueAsBytes(node));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void text(String name, String text) {
        entries.put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds the weights and constants of another program, but those with a name that is there already. */
    void addWeights(ProgramArchive other) {
        for (String kind : new String[] {"weights", "constants"}) {
            String config = "data/" + kind + "/model_" + kind + "_config.json";
            json(config, root -> {
                ObjectNode own = (ObjectNode) root.get("config");
                try {
                    JSON.readTree(other.entries.get(config))
                            .get("config")
                            .properties()
                            .forEach(each -> {
                                if (own.has(each.getKey())) {
                                    return;
                                }
                                ObjectNode payload = (ObjectNode) each.getValue();
                                String place = "data/" + kind + "/";
                                String name = payload.get("path_name").asText();
                                String fresh = name + "_" + entries.size();
                                entries.put(place + fresh, other.entries.get(place + name));
                                own.set(each.getKey(), payload.put("path_name", fresh));
                            });
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    void write(Path path) throws IOException {
        try (OutputStream out = Files.newOutputStream(path)) {
            write(out);
        }
    }

    void write(OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(root + entry.getKey());
                header.setSize(entry.getValue().length);
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                header.setCrc(crc.getValue());
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
    }
}
