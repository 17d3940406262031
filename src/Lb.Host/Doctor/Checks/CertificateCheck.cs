using System.Globalization;
using Lb.Host.Configuration;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The certificate for other hosts can be used, and for a while yet.</summary>
internal sealed class CertificateCheck : IHostCheck
{
    private const string Code = "certificate";
    private const string Replace = "put a newer one in its place, with its key, and reload lbd: 'kill -HUP' or 'systemctl reload lbd'";

    /// <summary>What renews certificates does it earlier: less than this means that it does not.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(14);

    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Node.Access.Remote is not { } remote || host.Facts.Remote?.Certificate is not { } facts)
        {
            return [];
        }

        if (facts.Problem is { } problem)
        {
            return
            [
                Finding.Error(
                    Code,
                    remote.Certificate,
                    $"{remote.Certificate} and {remote.PrivateKey} (lb.admin.remote) are no certificate and its key that can be read: {problem}.",
                    "lbd does not start without them.",
                    "correct the paths, or who may read them; both are PEM files, the key belongs to the certificate and has no password"),
            ];
        }

        return Judge(remote, facts) is { } finding ? [finding] : [];
    }

    private static Finding? Judge(RemoteOptions remote, CertificateFacts facts) => facts switch
    {
        { Until: { } until } when until <= facts.ReadAt => Finding.Error(
            Code,
            remote.Certificate,
            $"The certificate {remote.Certificate} (lb.admin.remote) has expired at {Time(until)}.",
            "Other hosts do not trust this one: no pbm gets in from elsewhere.",
            Replace),
        { From: { } from } when from > facts.ReadAt => Finding.Error(
            Code,
            remote.Certificate,
            $"The certificate {remote.Certificate} (lb.admin.remote) does not hold before {Time(from)}.",
            "Other hosts do not trust this one until then: no pbm gets in from elsewhere.",
            $"see that the clock is right; else {Replace}"),
        { Until: { } until } when until - facts.ReadAt <= s_soon => Finding.Warning(
            Code,
            remote.Certificate,
            $"The certificate {remote.Certificate} (lb.admin.remote) ends at {Time(until)}, in {Left(until - facts.ReadAt)}.",
            "From then on no pbm gets in from elsewhere.",
            Replace),
        _ => null,
    };

    private static string Left(TimeSpan left) =>
        left.TotalDays >= 2 ? $"{(int)left.TotalDays} days" : $"{(int)left.TotalHours} h";

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
