using System.Buffers.Binary;

namespace Lb.Actors;

/// <summary>What a node says to the others about the config it goes by.</summary>
/// <param name="Revision">Revision in force; 0 when it goes by its file alone.</param>
/// <param name="Number">Number of the last event of the config's journal that it knows.</param>
/// <param name="LastId">Id of the last change; empty when it has none.</param>
/// <param name="Tokens">Number of the last event of the tokens' journal that it knows.</param>
/// <param name="IsAway">It cannot use the journal.</param>
/// <param name="HasOtherFile">Its file is not the one that was applied last.</param>
internal sealed record ConfigHello(
    long Revision, long Number, Guid LastId, long Tokens, bool IsAway, bool HasOtherFile)
{
    private const byte Version = 1;
    private const int Length = 42;
    private const byte Away = 1;
    private const byte OtherFile = 2;

    /// <summary>
    /// Writes it, big-endian: version, flags, revision, number, id, number of tokens. What later versions add comes
    /// behind.
    /// </summary>
    public byte[] Write()
    {
        byte[] bytes = new byte[Length];
        bytes[0] = Version;
        bytes[1] = (byte)((IsAway ? Away : 0) | (HasOtherFile ? OtherFile : 0));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2), Revision);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(10), Number);
        LastId.TryWriteBytes(bytes.AsSpan(18), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(34), Tokens);
        return bytes;
    }

    /// <summary>Reads it; null when it is nothing that this version knows.</summary>
    public static ConfigHello? Read(ReadOnlySpan<byte> bytes) => bytes.Length < Length || bytes[0] != Version
        ? null
        : new ConfigHello(
            BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[10..]),
            new Guid(bytes.Slice(18, 16), bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(bytes[34..]),
            (bytes[1] & Away) != 0,
            (bytes[1] & OtherFile) != 0);
}
