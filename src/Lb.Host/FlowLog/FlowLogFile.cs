namespace Lb.Host.FlowLog;

/// <summary>Where lines go: standard output, or a file that may be moved away and is then opened anew.</summary>
internal sealed class FlowLogFile(string path) : IDisposable
{
    /// <summary>What stands for standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>It holds addresses of clients.</summary>
    private const UnixFileMode OwnerWritesGroupReads =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private Stream? _stream;

    /// <summary>Opens it when it is not open.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public void Open() => _stream ??= path == StandardOutput ? Console.OpenStandardOutput() : OpenFile();

    /// <summary>Closes it; the next write opens what has the name then.</summary>
    public void Close()
    {
        _stream?.Dispose();
        _stream = null;
    }

    /// <summary>Writes whole lines; when that fails, none of them is left there in part.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public void Write(ReadOnlySpan<byte> lines)
    {
        Open();
        long before = _stream!.CanSeek ? _stream.Length : 0;
        try
        {
            _stream.Write(lines);
        }
        catch (IOException)
        {
            Restore(before);
            throw;
        }
    }

    public void Dispose() => Close();

    /// <summary>Each write goes to the end, whoever else has cut or prolonged the file.</summary>
    private FileStream OpenFile()
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = OwnerWritesGroupReads,
        });
    }

    private void Restore(long length)
    {
        try
        {
            if (_stream!.CanSeek && _stream.Length > length)
            {
                _stream.SetLength(length);
            }
        }
        catch (IOException)
        {
            // A line that was cut is the lesser evil: what reads it will say so.
        }

        Close();
    }
}
