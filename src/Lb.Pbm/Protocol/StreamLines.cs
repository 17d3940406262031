namespace Lb.Pbm.Protocol;

/// <summary>Reads the lines of an answer as they come.</summary>
internal sealed class StreamLines(Stream stream)
{
    /// <summary>Longer lines are no lines for a person.</summary>
    private const int LongestLine = 1 << 20;

    private byte[] _buffer = new byte[16 << 10];
    private int _from;
    private int _to;

    /// <summary>The next line without its end; null behind the last one.</summary>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        int seen = _from;
        while (true)
        {
            int end = Array.IndexOf(_buffer, (byte)'\n', seen, _to - seen);
            if (end >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_from, end - _from);
                _from = end + 1;
                return line;
            }

            Compact();
            seen = _to;
            int read = await stream.ReadAsync(_buffer.AsMemory(_to), cancellation);
            if (read == 0)
            {
                // The host ends an answer behind a whole line: what is left was cut off.
                return null;
            }

            _to += read;
        }
    }

    /// <summary>Makes room behind what is there.</summary>
    private void Compact()
    {
        Buffer.BlockCopy(_buffer, _from, _buffer, 0, _to - _from);
        (_from, _to) = (0, _to - _from);
        if (_to == LongestLine)
        {
            throw new InvalidDataException("The line is too long.");
        }

        if (_to == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(LongestLine, 2 * _buffer.Length));
        }
    }
}
