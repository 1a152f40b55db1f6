package org.jtorch.serialize.internal.stored;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.format.TensorInfo;

/**
 * What a file says, before any tensor of it is read.
 *
 * @param root its value, with a {@link TensorInfo} where a tensor is
 * @param header the text beside it
 * @param names the classes and functions that it refers to or calls anywhere, and that are not known; in the value or not
 */
public record Contents(CheckpointFormat format, @Nullable Object root, Map<String, String> header, Set<String> names) {}
