using System.Net;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>An address can be listened on by lbd, or is.</summary>
/// <param name="Code">Code of the finding.</param>
/// <param name="Setting">The setting that says where.</param>
/// <param name="Why">Why it matters.</param>
internal sealed record ListenerRule(string Code, string Setting, string Why)
{
    public IEnumerable<Finding> Examine(Examination host, IPEndPoint endpoint, ListenerFacts listener)
    {
        string about = $"{endpoint}";
        if (listener.Problem is null || IsOurs(host, listener))
        {
            yield break;
        }

        yield return listener.Taken
            ? Finding.Error(
                Code,
                about,
                $"{about} ({Setting}) is taken by {listener.Holder?.ToString() ?? "another process"}.",
                Why,
                listener.Holder is { } holder
                    ? $"end it with 'kill {holder.Id}', or choose another {Setting}.port"
                    : $"find it with 'ss -ltnp', or choose another {Setting}.port")
            : Finding.Error(
                Code,
                about,
                $"{about} ({Setting}) cannot be listened on: {listener.Problem}.",
                Why,
                "choose an address of this host and a port that lbd may use");
    }

    private static bool IsOurs(Examination host, ListenerFacts listener) =>
        listener.Taken && host.Runner is { } runner && (listener.Holder is null || listener.Holder.Id == runner.Id);
}
