using Lb.Kernel;

namespace Lb.Host.Api;

/// <summary>Words for why a relayed connection ended, as the flow log, the API and metrics write them.</summary>
internal static class RelayWord
{
    public static string Of(RelayEnd end) => end switch
    {
        RelayEnd.ClientFin => "client-fin",
        RelayEnd.BackendFin => "backend-fin",
        RelayEnd.ClientReset => "client-reset",
        RelayEnd.BackendReset => "backend-reset",
        RelayEnd.ClientLost => "client-lost",
        RelayEnd.BackendLost => "backend-lost",
        RelayEnd.ConnectFailed => "connect-failed",
        RelayEnd.NoBackend => "no-backend",
        RelayEnd.SourceLimit => "source-limit",
        RelayEnd.NoRoom => "no-room",
        RelayEnd.NoSocket => "no-socket",
        _ => Word.Of(end),
    };
}
