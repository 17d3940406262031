using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The key of the certificate for other hosts is secret.</summary>
internal sealed class CertificateKeyCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Node.Access.Remote is not { } remote || host.Facts.Remote?.Certificate.KeyIsOpen != true)
        {
            yield break;
        }

        yield return Finding.Warning(
            "certificate-key",
            remote.PrivateKey,
            $"Every user of this host may read {remote.PrivateKey} (lb.admin.remote), the key of the API's certificate.",
            "Who has the key can pretend to be this host, and is then told the tokens of who believes it.",
            "lbd's own user has to be its owner or of its group")
            .FixedBy(new HostFix.Hide(remote.PrivateKey));
    }
}
