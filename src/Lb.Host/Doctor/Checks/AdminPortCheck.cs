using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The HTTP API can listen, or does.</summary>
internal sealed class AdminPortCheck : IHostCheck
{
    private const string Why = "The HTTP API listens there; lbd does not start without it.";

    public IEnumerable<Finding> Examine(Examination host)
    {
        ListenerFacts admin = host.Facts.Admin;
        string about = $"{host.Node.Admin}";
        if (admin.Problem is null || IsOurs(host, admin))
        {
            yield break;
        }

        yield return admin.Taken
            ? Finding.Error(
                "admin-port",
                about,
                $"{about} (lb.admin) is taken by {admin.Holder?.ToString() ?? "another process"}.",
                Why,
                admin.Holder is { } holder
                    ? $"end it with 'kill {holder.Id}', or choose another lb.admin.port"
                    : "find it with 'ss -ltnp', or choose another lb.admin.port")
            : Finding.Error(
                "admin-port",
                about,
                $"{about} (lb.admin) cannot be listened on: {admin.Problem}.",
                Why,
                "choose an address of this host and a port that lbd may use");
    }

    private static bool IsOurs(Examination host, ListenerFacts admin) =>
        admin.Taken && host.Runner is { } runner && (admin.Holder is null || admin.Holder.Id == runner.Id);
}
