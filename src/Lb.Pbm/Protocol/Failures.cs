using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Pbm.CommandLine;

namespace Lb.Pbm.Protocol;

/// <summary>What a failed request means to the person who made it.</summary>
internal static class Failures
{
    /// <summary>What has to be said when a command's answer is lost.</summary>
    public static string Unknown(bool changes) => changes ? " Whether the command was done is not known." : "";

    /// <summary>The host answered with an error.</summary>
    public static PbmException Of(HostAddress address, HttpResponseMessage response, byte[] body)
    {
        if (response.StatusCode == HttpStatusCode.NotFound && response.RequestMessage?.Method == HttpMethod.Get)
        {
            return PbmException.Failed(
                "no-palettes",
                $"{address} answers, but has nothing for pbm.",
                "See what listens there, and whether it and pbm are of versions that go together.");
        }

        Problem? problem = Read(body);
        string status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        return new PbmException(
            ExitCodeOf(response.StatusCode),
            problem?.Detail is not null
                ? problem
                : Problem.Of(
                    problem?.Title ?? "Failed",
                    problem?.Code ?? "no-reason",
                    $"{address} answered {status} and did not say why.",
                    problem?.Mend));
    }

    /// <summary>There was no answer.</summary>
    public static PbmException Of(HostAddress address, HttpRequestException exception, bool changes)
    {
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => PbmException.NoConnection(
                "unknown-host", $"There is no host '{address.Host}'.", "Write its address, or see to the DNS."),
            HttpRequestError.SecureConnectionError => PbmException.NoConnection(
                "tls",
                $"{address} cannot be trusted: {Inner(exception)}.",
                "Give the authority of its certificate with --ca FILE or PBM_CA, and use a name that the certificate is for."),
            HttpRequestError.ResponseEnded or HttpRequestError.Unknown => PbmException.NoConnection(
                "connection-lost",
                $"The connection to {address} was lost before it had answered.{Unknown(changes)}",
                "See whether the host still runs."),
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => PbmException.Failed(
                "garbage", $"{address} answers, but not as a host of pbm.", "See what listens there."),
            _ => PbmException.NoConnection(
                "no-connection",
                $"No connection to {address}: {Reason(exception)}.",
                "See whether the host runs and listens there; another one is given as host:port or by PBM_HOST."),
        };
    }

    private static ExitCode ExitCodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.NotFound => ExitCode.Usage,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.Conflict
            or HttpStatusCode.UnprocessableEntity => ExitCode.Refused,
        _ => ExitCode.Failed,
    };

    private static Problem? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, PbmJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Inner(Exception exception) =>
        (exception.InnerException?.InnerException ?? exception.InnerException ?? exception).Message.TrimEnd('.');

    private static string Reason(HttpRequestException exception) => exception.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nothing listens there",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } =>
            "there is no route to it",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "it does not answer",
        _ => exception.Message.TrimEnd('.'),
    };
}
