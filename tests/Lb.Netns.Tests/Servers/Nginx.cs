using System.Diagnostics;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Servers;

/// <summary>A real nginx that answers its backend's name, and files of the topology's folder below /files/.</summary>
internal sealed class Nginx : IDisposable
{
    private readonly Process _process;

    private Nginx(Process process) => _process = process;

    public static Nginx Start(Topology topology, Backend backend)
    {
        string prefix = Path.Combine(topology.Folder, $"nginx-{backend.Name}");
        File.WriteAllText($"{prefix}.conf", Config(topology.Folder, prefix, backend.Name));
        var nginx = topology.Own(new Nginx(backend.Namespace.Start(
            "nginx", "-e", $"{prefix}.log", "-c", $"{prefix}.conf")));
        Wait.Until(
            () => Command.TryRun(
                "nsenter", $"--net={backend.Namespace.Path}", "curl", "-sf", "-m", "1",
                $"http://127.0.0.1:{Addresses.ServerPort}/").ExitCode == 0,
            $"nginx in {backend.Name} answers");
        return nginx;
    }

    /// <summary>One with blocks of its own, anywhere.</summary>
    /// <param name="topology">Owns it.</param>
    /// <param name="host">Where it runs.</param>
    /// <param name="name">Names its files.</param>
    /// <param name="blocks">What stands in its configuration beside the paths of its files.</param>
    /// <param name="port">That it listens on.</param>
    public static Nginx Start(Topology topology, TestNamespace host, string name, string blocks, int port)
    {
        string prefix = Path.Combine(topology.Folder, $"nginx-{name}");
        File.WriteAllText($"{prefix}.conf", $$"""
            load_module /usr/lib/nginx/modules/ngx_stream_module.so;
            daemon off;
            worker_processes 1;
            pid {{prefix}}.pid;
            events { worker_connections 1024; }
            {{blocks}}
            """);
        var nginx = topology.Own(new Nginx(host.Start("nginx", "-e", $"{prefix}.log", "-c", $"{prefix}.conf")));
        host.WaitForListener(port);
        return nginx;
    }

    /// <summary>An <c>http</c> block with servers; its files are those of a name.</summary>
    public static string Http(Topology topology, string name, string servers)
    {
        string prefix = Path.Combine(topology.Folder, $"nginx-{name}");
        return $$"""
            http {
              access_log off;
              client_body_temp_path {{prefix}}.body;
              proxy_temp_path {{prefix}}.proxy;
              fastcgi_temp_path {{prefix}}.fastcgi;
              scgi_temp_path {{prefix}}.scgi;
              uwsgi_temp_path {{prefix}}.uwsgi;
              {{servers}}
            }
            """;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Command.Run("kill", "-TERM", $"{_process.Id}");
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string Config(string folder, string prefix, string name) => $$"""
        daemon off;
        worker_processes 1;
        pid {{prefix}}.pid;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path {{prefix}}.body;
          proxy_temp_path {{prefix}}.proxy;
          fastcgi_temp_path {{prefix}}.fastcgi;
          scgi_temp_path {{prefix}}.scgi;
          uwsgi_temp_path {{prefix}}.uwsgi;
          server {
            listen {{Addresses.ServerPort}};
            listen [::]:{{Addresses.ServerPort}} ipv6only=on;
            location / { return 200 "{{name}} $remote_addr\n"; }
            location /files/ { alias {{folder}}/; }
          }
        }
        """;
}
