using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What routing by QUIC connection IDs asks of a service and its backends.</summary>
internal static class QuicRules
{
    private const string Off = "remove quic.server-id-length, or write off where service-defaults sets one";

    public static IEnumerable<ConfigIssue> Check(ServiceDraft service) =>
        service.Values.Get(ServiceKeys.Quic).Find(QuicKeys.ServerIdLength) is not { Value: > QuicKeys.Off } length
            ? []
            : [.. CheckService(service, length), .. service.Backends.SelectMany(b => CheckLength(b, length)), .. CheckTwice(service)];

    private static IEnumerable<ConfigIssue> CheckService(ServiceDraft service, Located<long> length)
    {
        if (service.Protocol is TransportProtocol.Tcp or TransportProtocol.Sctp)
        {
            string name = $"{service.Protocol}".ToUpperInvariant();
            yield return length.Error(
                $"{length.Value} is for QUIC, which is UDP, and the service is {name}", $"off, as {name} has no connection IDs", Off);
        }

        if (service.Mode is ForwardingMode.Tproxy)
        {
            yield return length.Error(
                $"{length.Value} is for packets, and the mode is tproxy",
                "off, as the relay tells clients of UDP by their address and port alone",
                Off + ", or use another mode");
        }
    }

    private static IEnumerable<ConfigIssue> CheckLength(BackendDraft backend, Located<long> length)
    {
        string expected = $"{length.Value} {(length.Value == 1 ? "byte" : "bytes")}, as quic.server-id-length says ({length.Origin})";
        Located<ServerId>? id = backend.Values.Find(QuicKeys.ServerId);
        if (!backend.Values.Has(QuicKeys.ServerId))
        {
            yield return backend.Values.Error(
                "server-id is missing, by which QUIC connection IDs name the backend",
                expected,
                "add server-id as the server is configured with it, for instance "
                + $"server-id = \"{string.Concat(Enumerable.Repeat("0a", (int)length.Value))}\"");
        }
        else if (id is not null && id.Value.Length != length.Value)
        {
            yield return id.Error(
                $"{id.Value} has {id.Value.Length} {(id.Value.Length == 1 ? "byte" : "bytes")}",
                expected,
                "write it as the server is configured with it, or change quic.server-id-length");
        }
    }

    private static IEnumerable<ConfigIssue> CheckTwice(ServiceDraft service)
    {
        foreach (var same in service.Backends
            .Where(backend => backend.Values.Find(QuicKeys.ServerId) is not null)
            .GroupBy(backend => backend.Values.Find(QuicKeys.ServerId)!.Value))
        {
            BackendDraft first = same.First();
            foreach (BackendDraft backend in same.Skip(1))
            {
                yield return backend.Values.Find(QuicKeys.ServerId)!.Error(
                    $"{same.Key} is the server ID of backend {first.Name} already ({first.Values.Find(QuicKeys.ServerId)!.Origin})",
                    "one of its own for each backend of a service",
                    $"give {backend.Name} another one, here and on the server");
            }
        }
    }
}
