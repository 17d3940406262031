using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Lb.Pbm.Protocol;

/// <summary>Answers that come line by line.</summary>
internal sealed partial class HostClient
{
    /// <summary>A host says at least this often that it is there.</summary>
    private static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(30);

    /// <summary>Has a command done that answers line by line, until the host ends the answer.</summary>
    /// <param name="palette">Where the command is.</param>
    /// <param name="command">What is to be done.</param>
    /// <param name="invocation">What it is told.</param>
    /// <param name="timeout">How long the beginning of the answer is waited for.</param>
    /// <param name="onLine">Takes each line.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task StreamAsync(
        Palette palette,
        Command command,
        Invocation invocation,
        TimeSpan timeout,
        Action<AnswerLine> onLine,
        CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"/api/v1/palettes/{palette.Name}/{command.Name}", UriKind.Relative))
        {
            Content = JsonContent.Create(invocation, PbmJson.Default.Invocation),
        };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            using HttpResponseMessage response =
                await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Failures.Of(_address, response, await response.Content.ReadAsByteArrayAsync(deadline.Token));
            }

            var lines = new StreamLines(await response.Content.ReadAsStreamAsync(deadline.Token));
            deadline.CancelAfter(SilencePatience);
            while (await ReadAsync(lines, deadline.Token) is { } line)
            {
                deadline.CancelAfter(SilencePatience);
                if (line.Length > 0)
                {
                    onLine(JsonSerializer.Deserialize(line.Span, PbmJson.Default.AnswerLine) ?? throw Garbage());
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw PbmException.NoConnection(
                "timeout", $"{_address} has fallen silent.", "See what the host is doing.");
        }
        catch (HttpRequestException exception)
        {
            throw Failures.Of(_address, exception, command.Changes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw Garbage();
        }
    }

    /// <summary>Reads a line; only here an I/O failure is the host's, and not that of who reads what is printed.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(StreamLines lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.ReadAsync(cancellation);
        }
        catch (IOException)
        {
            throw PbmException.NoConnection(
                "connection-lost", $"The connection to {_address} was lost.", "See whether the host still runs.");
        }
    }
}
