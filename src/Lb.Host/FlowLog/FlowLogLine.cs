using System.Globalization;
using System.Text.Json;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Kernel;

namespace Lb.Host.FlowLog;

/// <summary>Writes an event as a JSON object. Fields stay; new ones may come.</summary>
internal static class FlowLogLine
{
    /// <summary>What became of a flow.</summary>
    public static void Write(Utf8JsonWriter json, in FlowEvent happened, KernelNames names)
    {
        NamedService? service = names.Services.GetValueOrDefault(happened.Service);
        NamedBackend? backend = names.Backends.GetValueOrDefault(happened.Backend);
        json.WriteStartObject();
        WriteTime(json, happened.Time);
        json.WriteString("event", happened.Kind == FlowEventKind.Begin ? "begin" : "end");
        if (happened.Kind != FlowEventKind.Begin)
        {
            json.WriteString("by", (happened.Flow.Protocol, happened.Kind) switch
            {
                (TransportProtocol.Sctp, FlowEventKind.End) => "shutdown",
                (TransportProtocol.Sctp, _) => "abort",
                (_, FlowEventKind.End) => "fin",
                _ => "rst",
            });
        }

        json.WriteString("service", service?.Name);
        json.WriteString("protocol", Word.Of(happened.Flow.Protocol));
        json.WriteString("client", happened.Flow.Source.ToString());
        json.WriteNumber("clientPort", happened.Flow.SourcePort);
        json.WriteString("vip", happened.Flow.Vip.ToString());
        json.WriteNumber("vipPort", happened.Flow.VipPort);
        json.WriteString("backend", backend?.Name);
        json.WriteString("backendAddress", backend?.Socket.Address.ToString());
        WriteNumber(json, "backendPort", backend?.Socket.Port);
        json.WriteString("hook", Word.Of(happened.Hook));
        json.WriteNumber("slot", happened.Slot);
        WriteNumber(json, "generation", service?.Generation);
        json.WriteBoolean("tracked", happened.Tracked);
        json.WriteBoolean("moved", happened.Moved);
        if (service is null)
        {
            json.WriteNumber("serviceId", happened.Service);
        }

        if (backend is null)
        {
            json.WriteNumber("backendIndex", happened.Backend);
        }

        json.WriteEndObject();
    }

    /// <summary>That events are missing before this line.</summary>
    public static void WriteLost(Utf8JsonWriter json, DateTimeOffset time, string reason, long count)
    {
        json.WriteStartObject();
        WriteTime(json, time);
        json.WriteString("event", "lost");
        json.WriteString("reason", reason);
        json.WriteNumber("count", count);
        json.WriteEndObject();
    }

    /// <summary>When it happened, in UTC.</summary>
    public static void WriteTime(Utf8JsonWriter json, DateTimeOffset time) => json.WriteString(
        "time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    /// <summary>A number, or null.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
