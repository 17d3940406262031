using System.Text;
using System.Text.Json;
using Lb.Host.Commands;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Lb.Host.Api;

/// <summary>Reads what a command is sent. What is wrong with it is told exactly.</summary>
internal static class CommandBody
{
    private const string Mend = "send {\"arguments\":{\"NAME\":[\"VALUE\"]}} as application/json";

    /// <summary>The command's arguments.</summary>
    /// <exception cref="CommandFailure">They cannot be read.</exception>
    public static async Task<CommandRequest> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (!request.HasJsonContentType() || !IsUtf8(request.ContentType))
        {
            throw new CommandFailure(
                StatusCodes.Status415UnsupportedMediaType, "media-type", "the request's body is not JSON in UTF-8", Mend);
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, ApiJson.Default.CommandRequest, stop)
                ?? throw Wrong("it is null");
        }
        catch (JsonException e)
        {
            throw Wrong(e.Message);
        }
        catch (BadHttpRequestException e)
        {
            throw new CommandFailure(e.StatusCode, "bad-request", $"the request cannot be read: {e.Message}", Mend);
        }
    }

    private static bool IsUtf8(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
        && (!type.Charset.HasValue || type.Charset.Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase));

    private static CommandFailure Wrong(string problem) => new(
        StatusCodes.Status400BadRequest, "bad-request", $"the request's body cannot be understood: {problem}", Mend);
}
