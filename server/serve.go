package main

type serveCmd struct {
	Listen    string `help:"Address to listen on." default:"127.0.0.1:8080" env:"BUKTI_HADIR_LISTEN"`
	PublicURL string `help:"Address at which people reach the server, for links; https:// makes cookies secure." placeholder:"URL" env:"BUKTI_HADIR_PUBLIC_URL"`
}
