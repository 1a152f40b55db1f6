package org.jtorch.serialize;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a file says, before any tensor of it is read.
 *
 * @param root its value, with a {@link TensorInfo} where a tensor is
 * @param header the text beside it
 */
record Contents(CheckpointFormat format, @Nullable Object root, Map<String, String> header) {}
