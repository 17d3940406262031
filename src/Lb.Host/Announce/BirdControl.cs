using System.Net.Sockets;
using System.Text;

namespace Lb.Host.Announce;

/// <summary>A line that bird answers.</summary>
/// <param name="Code">What kind of line it is; those from 8000 on are refusals.</param>
/// <param name="Text">The line.</param>
internal readonly record struct BirdLine(int Code, string Text);

/// <summary>Talks to a bird by its control socket, as <c>birdc</c> does.</summary>
internal sealed class BirdControl : IDisposable
{
    private const int FirstRefusal = 8000;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    private readonly StreamReader _reader;
    private readonly NetworkStream _stream;

    private BirdControl(NetworkStream stream)
    {
        _stream = stream;
        _reader = new StreamReader(stream, Encoding.UTF8);
    }

    /// <summary>Connects and waits until bird says that it is ready.</summary>
    /// <exception cref="IOException">It does not answer.</exception>
    public static async Task<BirdControl> ConnectAsync(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"bird does not answer at {path}: {e.Message}", e);
        }

        BirdControl control = new(new NetworkStream(socket, ownsSocket: true));
        await control.ReadAsync();
        return control;
    }

    /// <summary>Gives a command and returns what is answered.</summary>
    /// <exception cref="IOException">It does not answer, or refuses.</exception>
    public async Task<IReadOnlyList<BirdLine>> AskAsync(string command)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\n"));
        IReadOnlyList<BirdLine> lines = await ReadAsync();
        return lines[^1] is { Code: >= FirstRefusal } refusal
            ? throw new IOException($"bird refuses \"{command}\": {refusal.Text}")
            : lines;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    // "1002-text" has more lines behind it, " text" has the code of the line before, "0000 text" is the last one.
    private async Task<IReadOnlyList<BirdLine>> ReadAsync()
    {
        using CancellationTokenSource limit = new(AnswerTime);
        List<BirdLine> lines = [];
        int code = 0;
        while (true)
        {
            string line = await ReadLineAsync(limit.Token);
            bool coded = line.Length > 4 && int.TryParse(line.AsSpan(0, 4), out int number);
            code = coded ? int.Parse(line.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture) : code;
            lines.Add(new BirdLine(code, coded ? line[5..] : line.TrimStart()));
            if (coded && line[4] == ' ')
            {
                return lines;
            }
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken limit)
    {
        try
        {
            return await _reader.ReadLineAsync(limit) ?? throw new IOException("bird has ended the conversation");
        }
        catch (OperationCanceledException e)
        {
            throw new IOException($"bird has not answered within {AnswerTime.TotalSeconds} s", e);
        }
    }
}
