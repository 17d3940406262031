using System.Text;

namespace Lb.Pbm.Editing;

/// <summary>The history on disk. A file that cannot be read or written is no reason not to work.</summary>
internal sealed class HistoryFile(string path)
{
    /// <summary>A file beyond this size is written anew with the lines that count.</summary>
    private const int LargestFile = 256 << 10;

    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = path;

    /// <summary>The file by the XDG rules; null when the person has no home.</summary>
    public static HistoryFile? OfUser(Func<string, string?> environment)
    {
        string? state = environment("XDG_STATE_HOME");
        if (!System.IO.Path.IsPathRooted(state))
        {
            string? home = environment("HOME");
            state = System.IO.Path.IsPathRooted(home) ? System.IO.Path.Combine(home, ".local", "state") : null;
        }

        return state is null ? null : new HistoryFile(System.IO.Path.Combine(state, "pbm", "history"));
    }

    /// <summary>The lines of the file, as far back as they count.</summary>
    public IReadOnlyList<string> Load()
    {
        try
        {
            using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            bool isLarge = stream.Length > LargestFile;
            stream.Seek(isLarge ? -LargestFile : 0, isLarge ? SeekOrigin.End : SeekOrigin.Begin);
            byte[] bytes = new byte[LargestFile];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string[] lines = Encoding.UTF8.GetString(bytes, 0, length).Split('\n');

            // The first line of a part may have lost its beginning.
            string[] whole = [.. lines.Skip(isLarge ? 1 : 0).Where(IsLine).TakeLast(History.Limit)];
            if (isLarge)
            {
                Write(FileMode.Create, whole);
            }

            return whole;
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            return [];
        }
    }

    /// <summary>Adds a line.</summary>
    public void Append(string line)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!, ForOwner | UnixFileMode.UserExecute);
            Write(FileMode.Append, [line]);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            // It is remembered until the process ends.
        }
    }

    private void Write(FileMode mode, IEnumerable<string> lines)
    {
        using var stream = new FileStream(Path, new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            UnixCreateMode = ForOwner,
        });
        stream.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => $"{l}\n"))));
    }

    private static bool IsLine(string line) => line.Length > 0 && !line.Any(char.IsControl);

    private static bool IsOfFile(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException;
}
