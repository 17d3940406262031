using System.Text.Json;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Kernel;

namespace Lb.Host.FlowLog;

/// <summary>Writes an event of a relayed connection, with the fields that <see cref="FlowLogLine"/> writes and its own.</summary>
internal static class RelayLogLine
{
    /// <summary>What became of a connection.</summary>
    public static void Write(Utf8JsonWriter json, in RelayFlowEvent happened, KernelNames names)
    {
        NamedService? service = names.ByVip.GetValueOrDefault(happened.Vip);
        json.WriteStartObject();
        FlowLogLine.WriteTime(json, happened.Time);
        json.WriteString("event", happened.End is null ? "begin" : "end");
        if (happened.End is { } end)
        {
            json.WriteString("by", end is RelayEnd.ClientFin or RelayEnd.BackendFin ? "fin" : "rst");
            json.WriteString("reason", RelayWord.Of(end));
        }

        json.WriteString("service", service?.Name);
        json.WriteString("protocol", Word.Of(happened.Vip.Protocol));
        json.WriteString("client", happened.Client.ToString());
        json.WriteNumber("clientPort", happened.ClientPort);
        json.WriteString("vip", happened.Vip.Address.ToString());
        json.WriteNumber("vipPort", happened.Vip.Port);
        json.WriteString("backend", happened.Backend is { } backend ? names.NameOf(happened.Vip, backend) : null);
        json.WriteString("backendAddress", happened.Backend?.Address.ToString());
        FlowLogLine.WriteNumber(json, "backendPort", happened.Backend?.Port);
        json.WriteString("hook", "relay");
        json.WriteNumber("slot", happened.Slot);
        FlowLogLine.WriteNumber(json, "generation", service?.Generation);
        json.WriteBoolean("tracked", false);
        json.WriteBoolean("moved", false);
        if (happened.End is not null)
        {
            json.WriteNumber("bytesToBackend", happened.BytesToBackend);
            json.WriteNumber("bytesToClient", happened.BytesToClient);
            json.WriteNumber("durationMs", (long)happened.Duration.TotalMilliseconds);
        }

        json.WriteEndObject();
    }
}
