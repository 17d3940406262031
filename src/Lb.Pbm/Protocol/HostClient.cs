using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lb.Pbm.CommandLine;

namespace Lb.Pbm.Protocol;

/// <summary>Speaks with a host. What goes wrong is thrown as <see cref="PbmException"/>.</summary>
internal sealed partial class HostClient : IDisposable
{
    /// <summary>Larger answers are no answers to a person.</summary>
    private const int LargestAnswer = 64 << 20;

    /// <summary>The list of palettes costs a host nothing: one that takes longer hangs.</summary>
    private static readonly TimeSpan ListPatience = TimeSpan.FromSeconds(10);

    private readonly HostAddress _address;
    private readonly HttpClient _http;

    public HostClient(HostAddress address, HostAccess access)
    {
        _address = address;

        // A proxy has no business between an operator and a node, and a redirect is not followed with a command.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = access.ToSslOptions(),
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"{(address.Tls ? "https" : "http")}://{address}/api/v1/palettes"),
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("X-Lb-User", UserName.Text);
        if (access.Token is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks for what the host can do.</summary>
    public async Task<Catalogue> GetPalettesAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, (Uri?)null);
        TimeSpan patience = timeout < ListPatience ? timeout : ListPatience;
        Catalogue catalogue = await SendAsync(request, PbmJson.Default.Catalogue, patience, false, cancellation);
        return catalogue.IsSound() ? catalogue : throw Garbage();
    }

    /// <summary>Has a command done.</summary>
    public async Task<Answer> InvokeAsync(
        Palette palette, Command command, Invocation invocation, TimeSpan timeout, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"/api/v1/palettes/{palette.Name}/{command.Name}", UriKind.Relative))
        {
            Content = JsonContent.Create(invocation, PbmJson.Default.Invocation),
        };
        return await SendAsync(request, PbmJson.Default.Answer, timeout, command.Changes, cancellation);
    }

    private async Task<T> SendAsync<T>(
        HttpRequestMessage request,
        JsonTypeInfo<T> type,
        TimeSpan timeout,
        bool changes,
        CancellationToken cancellation)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            // The whole answer is read here, so that the deadline and the size limit hold for all of it.
            using HttpResponseMessage response =
                await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, deadline.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(deadline.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? JsonSerializer.Deserialize(body, type) ?? throw Garbage()
                : throw Failures.Of(_address, response, body);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw PbmException.NoConnection(
                "timeout",
                $"{_address} did not answer within {Duration.Text(timeout)}.{Failures.Unknown(changes)}",
                "See what the host is doing, or give it longer with --timeout.");
        }
        catch (HttpRequestException exception)
        {
            throw Failures.Of(_address, exception, changes);
        }
        catch (JsonException)
        {
            throw Garbage();
        }
    }

    private PbmException Garbage() => PbmException.Failed(
        "garbage",
        $"{_address} answered with something that is no answer to pbm.",
        "See what listens there, and whether it and pbm are of versions that go together.");
}
