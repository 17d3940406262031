using System.Text;
using System.Text.Unicode;
using Lb.Hocon.Syntax;

namespace Lb.Hocon.Includes;

/// <summary>Reads a source as strict UTF-8 within the document's size limit.</summary>
internal static class SourceReader
{
    /// <summary>Opens a file; null if there is none.</summary>
    public static Stream? OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads the source's text; null if it does not exist.</summary>
    public static string? Read(ParseSession session, Source source, HoconOrigin origin)
    {
        byte[]? bytes;
        try
        {
            using Stream? stream = Open(session.Options, source);
            bytes = stream is null ? null : ReadAll(stream, session.BytesLeft + 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ParseFailure(new HoconError(
                origin, $"{source.Name}, which cannot be read ({e.Message})", "a readable source", "check its name and permissions"));
        }

        if (bytes is null)
        {
            return null;
        }

        session.CountBytes(bytes.Length, origin);
        if (!Utf8.IsValid(bytes))
        {
            throw new ParseFailure(InvalidUtf8(source, bytes));
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static Stream? Open(HoconOptions options, Source source) => source.Kind switch
    {
        SourceKind.Resource => options.OpenResource?.Invoke(source.Name),
        SourceKind.Url => options.OpenUrl?.Invoke(new Uri(source.Name)),
        _ => options.OpenFile(source.Name),
    };

    /// <summary>Reads at most so many bytes: a device or pipe need not end.</summary>
    private static byte[] ReadAll(Stream stream, long limit)
    {
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (all.Length < limit)
        {
            int read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, limit - all.Length));
            if (read == 0)
            {
                break;
            }

            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private static HoconError InvalidUtf8(Source source, ReadOnlySpan<byte> bytes)
    {
        int line = 1;
        int column = 1;
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
            column += rune.Utf16SequenceLength;
            if (rune.Value == '\n')
            {
                line++;
                column = 1;
            }
        }

        return new HoconError(
            new HoconOrigin(source.Name, line, column), $"the byte 0x{bytes[at]:X2}", "UTF-8 text", "save the file as UTF-8");
    }
}
