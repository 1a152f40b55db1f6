package org.jtorch.parity.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The links of a Markdown document to files of this project, and to their headings. */
final class Links {

    private static final Pattern BLOCK = Pattern.compile("(?m)^```.*?^```$", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    private Links() {}

    /** Those that lead nowhere. */
    static List<String> broken(Path document) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : LINK.matcher(withoutBlocks(document))
                .results()
                .map(found -> found.group(1))
                .toList()) {
            if (link.startsWith("https://") || link.startsWith("http://")) {
                continue;
            }
            int hash = link.indexOf('#');
            String file = hash < 0 ? link : link.substring(0, hash);
            Path target = file.isEmpty() ? document : document.resolveSibling(file);
            if (!Files.exists(target) || hash >= 0 && !anchors(target).contains(link.substring(hash + 1))) {
                broken.add(link);
            }
        }
        return broken;
    }

    /** As the sites that show Markdown make them of headings. */
    private static List<String> anchors(Path document) throws IOException {
        return HEADING.matcher(withoutBlocks(document))
                .results()
                .map(found -> found.group(1)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String withoutBlocks(Path document) throws IOException {
        return BLOCK.matcher(Files.readString(document)).replaceAll("");
    }
}
