package main

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"buktihadir/models/attendance"
	"buktihadir/models/ticket"
	"buktihadir/scripts/sample"
)

// rivalPerson and rivalScan are the tables of the obvious way.
type rivalPerson struct {
	Ticket string `gorm:"primaryKey"`
	ID     string
	Name   string
	Class  string
}

type rivalScan struct {
	ID       string `gorm:"primaryKey"`
	Ticket   string `gorm:"uniqueIndex:once"`
	Session  string `gorm:"uniqueIndex:once"`
	Verdict  string
	Desk     string
	Occurred int64
}

// rival is the obvious way: gin and GORM, one immediate transaction a scan that
// looks the person up, looks for an earlier scan and inserts. It checks the
// signature, and keeps no chain.
type rival struct {
	db   *gorm.DB
	keys ticket.Keys
	site *sample.Site
}

func openRival(dir, name string, connections int, site *sample.Site, keys ticket.Keys) (*rival, http.Handler, error) {
	dsn := "file:" + filepath.Join(dir, name+".db") +
		"?_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"
	db, err := gorm.Open(sqlite.Dialector{DriverName: "sqlite", DSN: dsn},
		&gorm.Config{PrepareStmt: true, SkipDefaultTransaction: true, Logger: logger.Discard})
	if err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", name, err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", name, err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	if err := db.AutoMigrate(&rivalPerson{}, &rivalScan{}); err != nil {
		return nil, nil, fmt.Errorf("migrate %s: %w", name, err)
	}
	var people []rivalPerson
	for _, p := range site.People {
		people = append(people, rivalPerson{p.Ticket.String(), p.ID.String(), p.Body.Name, site.Classes[p.Class].Session.String()})
	}
	if err := db.CreateInBatches(people, 500).Error; err != nil {
		return nil, nil, fmt.Errorf("fill %s: %w", name, err)
	}
	r := &rival{db: db, keys: keys, site: site}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.Use(gin.Recovery())
	e.POST("/api/scan", r.scan)
	return r, e, nil
}

func (r *rival) close() error {
	pool, err := r.db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

func (r *rival) scan(c *gin.Context) {
	var in struct {
		ID   uuid.UUID `json:"id"`
		Code string    `json:"code"`
		Desk string    `json:"desk"`
	}
	if err := c.ShouldBindJSON(&in); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	reading := attendance.Read(in.Code, r.keys)
	if reading.Refused != "" {
		c.JSON(http.StatusOK, gin.H{"verdict": reading.Refused})
		return
	}
	var person rivalPerson
	scan := rivalScan{ID: in.ID.String(), Ticket: reading.Ticket.ID.String(), Verdict: "accepted_in", Desk: in.Desk, Occurred: time.Now().UnixMilli()}
	err := r.db.WithContext(c.Request.Context()).Transaction(func(tx *gorm.DB) error {
		if err := tx.First(&person, "ticket = ?", scan.Ticket).Error; err != nil {
			return err
		}
		scan.Session = person.Class
		var earlier rivalScan
		err := tx.First(&earlier, "ticket = ? AND session = ?", scan.Ticket, scan.Session).Error
		if err == nil {
			scan.Verdict = "already_in"
			return nil
		}
		if !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		return tx.Create(&scan).Error
	})
	if err != nil {
		c.JSON(http.StatusServiceUnavailable, gin.H{"error": err.Error()})
		return
	}
	c.JSON(http.StatusOK, gin.H{"verdict": scan.Verdict, "person": gin.H{"enrollment": person.ID, "name": person.Name}, "occurred": scan.Occurred})
}
