// Package api is the server's public REST API, described by its own OpenAPI document
// (/api/v1/openapi.json). Programs call it with a token (see account.TokenScope).
//
// Each operation is declared once, with its scope. The guard, the OpenAPI document and
// the page of the API read that declaration. An operation without a scope is closed to
// everybody. Figures come from the same queries that pages and the command line use;
// errors are problem documents (RFC 9457).
//
// Lists continue from a cursor, in the order of ids. Attendance is in the order of its
// last change, so a client that keeps the cursor gets what is new when it comes back.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/seating"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// Root is where the API lies.
const Root = "/api/v1"

// Config is what the API is made of.
type Config struct {
	Store    *store.Store
	Accounts *account.Accounts
	Seating  *seating.Service
	Set      *templates.Set
	Log      *slog.Logger
	Now      func() models.Millis
}

// API answers programs.
type API struct {
	Config
	huma   huma.API
	limits limits
}

// New makes the API.
func New(cfg Config) *API { return &API{Config: cfg} }

// Mount adds the API, its document and the page that shows it to a router.
func (a *API) Mount(engine *gin.Engine) error {
	group := engine.Group(Root, tagged)
	a.huma = humagin.NewWithGroup(engine, group, describe())
	a.huma.UseMiddleware(a.guard)
	a.planOperations()
	a.budgetOperations()
	a.peopleOperations()
	a.attendanceOperations()
	a.figureOperations()
	a.documentOperations()
	a.agentOperations()
	a.writeOperations()
	a.describeWebhooks()
	return a.mountDocument(group)
}

// Document is the OpenAPI document.
func (a *API) Document() *huma.OpenAPI { return a.huma.OpenAPI() }

const schemeName = "token"

func describe() huma.Config {
	cfg := huma.DefaultConfig("Bukti Hadir", "1")
	cfg.Info.Description = "Attendance of in-person training: the plan, who came, and who has completed. " +
		"Send the token as `Authorization: Bearer …`. Times are RFC 3339 in UTC. " +
		"Lists answer `items` and, unless that was all, `next`: send it as `cursor` to go on."
	cfg.Servers = []*huma.Server{{URL: Root}}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		schemeName: {Type: "http", Scheme: "bearer", Description: "A token made by the programme office, with the scopes that operations ask for."},
	}
	cfg.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[uuid.UUID](), reflect.TypeFor[identifier]())
	// We serve the document ourselves, and no page of a third party's scripts.
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", "", nil
	cfg.RejectUnknownQueryParameters = true // a filter with a typing error would show everything
	return cfg
}

// identifier is how the document describes identifiers.
type identifier struct{}

// Schema says that they are UUIDs, not just any text.
func (identifier) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid"}
}

// op is an operation as its author writes it down.
type op struct {
	id, method, path, tag string
	asks                  account.TokenScope
	summary, details      string
	status                int // of success; 0: 200
}

// add registers an operation with its scope. Errors of its handler become problem
// documents.
func add[I, O any](a *API, o op, handle func(context.Context, *I) (*O, error)) {
	operation := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Tags: []string{o.tag}, Summary: o.summary, Description: o.details,
		DefaultStatus: o.status, Security: []map[string][]string{{schemeName: {string(o.asks)}}},
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests},
	}
	if o.method != http.MethodGet {
		operation.Errors = append(operation.Errors, http.StatusConflict)
	}
	huma.Register(a.huma, operation, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// mountDocument serves the document in both forms and the page that shows it.
func (a *API) mountDocument(group *gin.RouterGroup) error {
	asJSON, err := json.MarshalIndent(a.Document(), "", "  ")
	if err != nil {
		return fmt.Errorf("describe the API: %w", err)
	}
	asYAML, err := a.Document().YAML()
	if err != nil {
		return fmt.Errorf("describe the API: %w", err)
	}
	group.GET("/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/openapi+json", asJSON) })
	group.GET("/openapi.yaml", func(c *gin.Context) { c.Data(http.StatusOK, "application/openapi+yaml", asYAML) })
	doc := a.readable()
	group.GET("/docs", func(c *gin.Context) {
		frame := templates.Frame{Lang: templates.ChooseLang(c.Writer, c.Request), Title: templates.Say("api.docs_title"), URL: c.Request.URL, Now: a.Now()}
		var page bytes.Buffer
		if err := a.Set.Render(&page, "server/admin/api-docs", templates.Page[readable]{Frame: frame, Body: doc}); err != nil {
			a.Log.Error("show the API's document", "error", err)
			c.Status(http.StatusInternalServerError)
			return
		}
		c.Data(http.StatusOK, "text/html; charset=utf-8", page.Bytes())
	})
	return nil
}
